"""What a foreign table's user must be allowed: to read it, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import Cluster, Session
from cassandra.io.libevreactor import LibevConnection

from adapters.cassandra.row_source import CassandraRowSource
from adapters.cassandra.settings import CassandraSourceSettings, ClusterSettings
from adapters.csv.row_meaning import RowMeaning
from application.errors import Refused
from tests.contract.row_source import dev_eui_of, devices_of, looked
from tests.support.clock import FakeClock
from tools.services.cassandra import Cassandra
from tools.services.workspace import workspace

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
PASSWORD = "only-to-read"  # noqa: S105  of a node that lives for a test
_WITH_USERS = ("authenticator: PasswordAuthenticator", "authorizer: CassandraAuthorizer", "role_manager: CassandraRoleManager")  # fmt: skip  # noqa: E501


@pytest.fixture(scope="module")
def node() -> Iterator[tuple[Cassandra, Session]]:
    """A node that asks who one is, with a table of devices and a reader; and its superuser's session."""
    with workspace() as folder, Cassandra(folder, *_WITH_USERS) as node:
        superuser = PlainTextAuthProvider("cassandra", "cassandra")
        cluster = Cluster(
            [node.host], port=node.port, protocol_version=5, auth_provider=superuser, connection_class=LibevConnection
        )
        session = cluster.connect()
        for statement in (
            "CREATE KEYSPACE fleet WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
            "CREATE TABLE fleet.devices (deveui text PRIMARY KEY, quarter text)",
            f"INSERT INTO fleet.devices (deveui, quarter) VALUES ('{dev_eui_of(1)}', 'Hafen')",  # noqa: S608  our own
            f"CREATE ROLE reader WITH PASSWORD = '{PASSWORD}' AND LOGIN = true",
            f"CREATE ROLE stranger WITH PASSWORD = '{PASSWORD}' AND LOGIN = true",
            "GRANT SELECT ON fleet.devices TO reader",
        ):
            session.execute(statement, timeout=60)
        yield node, session
        cluster.shutdown()


def source(node: Cassandra, folder: Path, user: str, password: str = PASSWORD) -> CassandraRowSource:
    """Return the source as ``user`` reads it."""
    secret = folder / "password.txt"
    secret.write_text(password)
    cluster = ClusterSettings(
        contact_points=(node.host,),
        port=node.port,
        local_dc=node.datacenter,
        username=user,
        password_file=str(secret),
        connect_timeout_s=20.0,
        request_timeout_s=20.0,
    )
    columns = {"deveui": "dev_eui", "quarter": "zone"}
    settings = CassandraSourceSettings(cluster=cluster, keyspace="fleet", table="devices", columns=columns)
    return CassandraRowSource(settings, RowMeaning("device"), FakeClock())


async def test_the_right_to_select_is_enough(node: tuple[Cassandra, Session], tmp_path: Path) -> None:
    async with source(node[0], tmp_path, "reader") as rows:
        assert devices_of(await looked(rows)) == [dev_eui_of(1)]


async def test_who_may_not_select_is_refused_by_name(node: tuple[Cassandra, Session], tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"'stranger'.*SELECT"):
        async with source(node[0], tmp_path, "stranger"):
            pass


async def test_a_wrong_password_is_refused_and_not_shown(node: tuple[Cassandra, Session], tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        async with source(node[0], tmp_path, "reader", "forgotten"):
            pass
    assert "'reader'" in str(refused.value)
    assert "forgotten" not in str(refused.value)
