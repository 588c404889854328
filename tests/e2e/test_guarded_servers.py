"""Servers as production has them: TLS everywhere, and a password for whoever comes; and what is said where it fails."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import Cluster
from msgspec import Struct

from tests.e2e.command import said_here
from tests.e2e.platform import ROLES, unused_name
from tests.e2e.role import Role
from tests.e2e.world import UPLINKS, World, processed
from tests.services.tls import ANOTHER_AUTHORITY, AUTHORITY, cassandra_lines, kafka_lines
from tests.support.eventually import until
from tools.services.address import CassandraAddress, KafkaAddress
from tools.services.cassandra import Cassandra
from tools.services.kafka import Kafka
from tools.services.ports import free_port
from tools.services.workspace import workspace

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

_USER, _PASSWORD = "city", "four-dogs"
"""As whom we come to both."""
_RIGHTS = (
    f"CREATE ROLE {_USER} WITH PASSWORD = '{_PASSWORD}' AND LOGIN = true",
    f"GRANT CREATE ON ALL KEYSPACES TO {_USER}",
    f"GRANT SELECT ON KEYSPACE system_views TO {_USER}",
)
"""What docs/operations.md tells to grant: of what one creates one may do all."""
_GUESS = "guess-4711"
_DEVICES = 10
"""Of the city that speaks."""
_NAME = 'server_name = "elsewhere.example"\n'
"""What the node's certificate is for, as those are that Kubernetes hands out: for a name, not for a number."""
_ASKS_PASSWORDS = (
    "authenticator: PasswordAuthenticator",
    "authorizer: CassandraAuthorizer",
    "role_manager: CassandraRoleManager",
)


class Servers(Struct):
    """Those that let nobody in without a password and TLS."""

    kafka: KafkaAddress
    cassandra: CassandraAddress


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """A broker and a node, started for this module."""
    with ExitStack() as started:
        folder, port = started.enter_context(workspace()), free_port()
        scram = f"SCRAM-SHA-512=[name={_USER},password={_PASSWORD}]"
        started.enter_context(Kafka(folder, *kafka_lines(folder, port), credentials=[scram]))
        folder = started.enter_context(workspace())
        node = started.enter_context(Cassandra(folder, *_ASKS_PASSWORDS, *cassandra_lines(folder, "elsewhere")))
        _grant(node)
        yield Servers(KafkaAddress(f"127.0.0.1:{port}"), CassandraAddress(node.host, node.port, node.datacenter))


def _grant(node: Cassandra) -> None:
    """Make our user, as the one that a new Cassandra knows."""
    trust = ssl.create_default_context(cafile=AUTHORITY)
    trust.check_hostname = False
    known = PlainTextAuthProvider("cassandra", "cassandra")
    cluster = Cluster([node.host], port=node.port, auth_provider=known, ssl_context=trust, protocol_version=5)
    session = cluster.connect()
    for statement in _RIGHTS:
        session.execute(statement, timeout=60)
    cluster.shutdown()


@pytest.fixture
def world(tmp_path: Path, servers: Servers) -> World:
    """Settings that say who we are and whom we trust."""
    world = World(tmp_path, servers.kafka, servers.cassandra, unused_name())
    (tmp_path / "password.txt").write_text(f"{_PASSWORD}\n")
    who = f'username = "{_USER}"\npassword_file = "{tmp_path}/password.txt"\nca_file = "{AUTHORITY}"\n'
    world.change("[kafka]\n", f'[kafka]\nsecurity_protocol = "SASL_SSL"\n{who}')
    world.change("[cassandra]\n", f"[cassandra]\n{_NAME}{who}")
    return world


def test_every_role_works_through_tls_with_a_password(world: World) -> None:
    world.migrate()
    with ExitStack() as running:
        roles = {name: running.enter_context(world.role(name)) for name in ROLES}
        asyncio.run(until(lambda: processed(roles["process"]) >= UPLINKS, deadline_s=120))
        asyncio.run(until(lambda: _stored(roles["sink"]) >= processed(roles["process"]), deadline_s=60))
        devices = said_here("devices", "list", "--server", f"127.0.0.1:{world.port}")
        assert len(devices.splitlines()) > _DEVICES, devices
        assert f"{world.name}-uplinks" in said_here("lag", "--config", world.config)
        assert f"{world.name}-uplinks" in said_here("topics", "--config", world.config)
        for role in roles.values():
            assert role.end() == 0, role.said()


def _stored(sink: Role) -> int:
    return sink.laws().get("sink", {}).get("out", 0)


@pytest.mark.parametrize("words", [("migrate",), ("ingest",), ("process",), ("lag",)], ids=" ".join)
def test_kafka_does_not_know_this_password(world: World, words: tuple[str, ...]) -> None:
    (world.folder / "password.txt").write_text(_GUESS)
    ended = world.ended(*words)
    assert ended.code == 2
    assert f"Kafka at {world.kafka.bootstrap} refuses" in ended.last_line
    assert ended.last_line.endswith("correct kafka.username or the password in kafka.password_file")
    assert _GUESS not in ended.err + ended.out


@pytest.mark.parametrize("words", [("migrate",), ("process",)], ids=" ".join)
def test_kafkas_certificate_is_of_nobody_we_trust(world: World, words: tuple[str, ...]) -> None:
    world.change(f'ca_file = "{AUTHORITY}"', f'ca_file = "{ANOTHER_AUTHORITY}"')
    ended = world.ended(*words)
    assert ended.code == 2
    assert f"Kafka at {world.kafka.bootstrap}: its certificate cannot be trusted" in ended.last_line
    assert "correct kafka.ca_file" in ended.last_line


def test_plain_text_to_a_kafka_that_speaks_tls(world: World) -> None:
    world.change('security_protocol = "SASL_SSL"', 'security_protocol = "SASL_PLAINTEXT"')
    for line in (_NAME, f'ca_file = "{AUTHORITY}"\n'):
        world.change(line, "")
    ended = world.ended("process")
    assert ended.code == 69
    assert f"no Kafka answers at {world.kafka.bootstrap}" in ended.last_line


@pytest.mark.parametrize(
    "before, after, said",
    [
        (f'"{_USER}"', '"nobody"', "refuses user 'nobody'"),
        (f'ca_file = "{AUTHORITY}"', f'ca_file = "{ANOTHER_AUTHORITY}"', "no TLS with Cassandra"),
        (_NAME, "", "certificate is not valid for '127.0.0.1'"),
        (_NAME, 'server_name = "somewhere.example"\n', "certificate is not valid for 'somewhere.example'"),
    ],
)
def test_cassandra_will_not_have_us_or_is_not_who_it_should_be(
    world: World, before: str, after: str, said: str
) -> None:
    world.change(before, after)
    ended = world.ended("serve")
    assert ended.code == 2
    assert said in ended.last_line
