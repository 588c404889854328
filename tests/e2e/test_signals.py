"""SIGINT and SIGTERM end everything cleanly, under load and while it still starts; a second one ends it at once."""

import asyncio
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.platform import ROLES, distributed, distributed_settings, embedded, source, unused_name
from tests.e2e.role import Role
from tests.services.fixtures import MosquittoFactory
from tests.support.eventually import until
from tools.services.address import CassandraAddress, KafkaAddress
from tools.services.mosquitto import Mosquitto
from tools.services.ports import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

_SOON_S = 20.0
"""Below what a supervisor grants; a start that is broken off leaves a connection attempt of a few seconds behind."""
_START_S = 60.0
"""Until a process asks for its servers, on a machine that is busy with something else."""
_AT_ONCE_S = 3.0
"""On a busy machine."""
_A_MOMENT_S = 0.5
_LOAD = '[[sources]]\nkind = "simulated_city"\ndevices = 200\nrate = 2000.0\n'
_TOPIC = "v3/+/devices/+/up"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_embedded_platform_ends_cleanly_under_load(tmp_path: Path, number: signal.Signals) -> None:
    with embedded(tmp_path, _LOAD) as platform:
        (role,) = platform.roles
        asyncio.run(until(lambda: role.said().count("frames received") > 1))
        role.send(number)
        assert role.wait(_SOON_S) == 0
    _nothing_is_left(role)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_every_role_ends_cleanly_under_load(
    tmp_path: Path, kafka: KafkaAddress, cassandra: CassandraAddress, number: signal.Signals
) -> None:
    with distributed(tmp_path, kafka, cassandra, _LOAD) as platform:
        asyncio.run(until(lambda: all(_works(role) for role in platform.roles), deadline_s=60))
        for role in platform.roles:
            role.send(number)
        for role in platform.roles:
            assert role.wait(_SOON_S) == 0, role.said()
    for role in platform.roles:
        _nothing_is_left(role)


def test_a_second_signal_ends_the_embedded_platform_at_once(
    tmp_path: Path, mosquitto_factory: MosquittoFactory
) -> None:
    broker = mosquitto_factory()
    with embedded(tmp_path, source(broker.host, broker.port, _TOPIC)) as platform:
        (role,) = platform.roles
        asyncio.run(until(lambda: "subscribed" in role.said()))
        with _frozen(broker):  # it takes no leave of us for seconds
            role.send(signal.SIGINT)
            asyncio.run(until(lambda: "in flight" in role.said().splitlines()[-1]))
            assert role.is_running
            role.send(signal.SIGTERM)
            assert role.wait(_AT_ONCE_S) == 128 + signal.SIGTERM


def test_a_second_signal_ends_a_simulation_at_once(tmp_path: Path, mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory("log_type all")
    url = f"mqtt://{broker.host}:{broker.port}"
    with Role(tmp_path, "simulate", "--mqtt", url, "--devices", "10", "--rate", "1000") as role:
        asyncio.run(until(lambda: "Received PUBLISH" in broker.log.read_text()))
        with _frozen(broker):  # what was published is not acknowledged
            role.send(signal.SIGTERM)
            time.sleep(_A_MOMENT_S)
            assert role.is_running
            role.send(signal.SIGINT)
            assert role.wait(_AT_ONCE_S) == 128 + signal.SIGINT


def test_a_simulation_that_looks_for_its_broker_ends_at_the_first_signal(tmp_path: Path) -> None:
    with Role(tmp_path, "simulate", "--mqtt", f"mqtt://127.0.0.1:{free_port()}") as role:
        asyncio.run(until(lambda: "cannot be reached" in role.said()))
        role.send(signal.SIGINT)
        assert role.wait(_AT_ONCE_S) == 0


@pytest.mark.parametrize("name", ROLES)
def test_a_role_that_still_looks_for_its_servers_ends_too(
    tmp_path: Path, name: str, cassandra: CassandraAddress
) -> None:
    config = tmp_path / "stadtfunk.toml"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(_START_S)
        port = silent.getsockname()[1]
        kafka, nodes = KafkaAddress(f"127.0.0.1:{port}"), CassandraAddress("127.0.0.1", port, cassandra.datacenter)
        config.write_text(distributed_settings(unused_name(), free_port(), kafka, nodes))
        with Role(tmp_path, name, "--config", str(config)) as role:
            connection, _ = silent.accept()
            with connection:  # and never say a word
                role.send(signal.SIGTERM)
                assert role.wait(_SOON_S) == 0, role.said()
            assert "Traceback" not in role.said()


@contextmanager
def _frozen(broker: Mosquitto) -> Iterator[None]:
    """Let ``broker`` stand still."""
    broker.send(signal.SIGSTOP)
    try:
        yield
    finally:
        broker.send(signal.SIGCONT)


def _works(role: Role) -> bool:
    """Say whether it has had something to do; who serves has no stages."""
    return any(law["in"] > 0 for law in role.laws().values()) or "serve: started" in role.said()


def _nothing_is_left(role: Role) -> None:
    assert "Traceback" not in role.said()
    for stage, law in role.laws().items():
        assert law["in flight"] == 0, stage
        assert law["in"] == sum(count for bucket, count in law.items() if bucket != "in"), stage
