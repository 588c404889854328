"""The starter of real servers finds, starts and removes them; it is tested without any."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.services.address import CassandraAddress, MqttAddress, address
from tools.services.ports import free_port
from tools.services.server import Server, ServiceUnavailable, serves
from tools.services.workspace import workspace

LISTENER = """
import socket
listener = socket.create_server(("127.0.0.1", {port}))
print("open", flush=True)
listener.accept() and listener.accept()
"""


def listener(folder: Path, port: int) -> Server:
    """Return a server that accepts connections on ``port``."""
    command = [sys.executable, "-c", LISTENER.format(port=port)]
    return Server("listener", folder, command, serves(port, log_says="open"))


def test_an_address_in_the_environment_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STADTFUNK_TEST_KAFKA", "broker-1:9092,broker-2:9092")
    with address("kafka") as bootstrap:
        assert bootstrap == "broker-1:9092,broker-2:9092"


@pytest.mark.parametrize(
    "text,expected",
    [
        ("db:9042", CassandraAddress("db", 9042, "datacenter1")),
        ("127.0.0.1:19042/north", CassandraAddress("127.0.0.1", 19042, "north")),
    ],
)
def test_a_cassandra_address_names_its_data_centre(text: str, expected: CassandraAddress) -> None:
    assert CassandraAddress.parse(text) == expected


def test_an_mqtt_address_is_host_and_port() -> None:
    assert MqttAddress.parse("127.0.0.1:1883") == MqttAddress("127.0.0.1", 1883)


def test_a_killed_server_starts_again_on_its_port(tmp_path: Path) -> None:
    port = free_port()
    with listener(tmp_path, port) as server:
        server.kill()
        assert not serves(port)(server.log)
        server.start()
        assert serves(port)(server.log)


def test_a_stopped_server_is_gone(tmp_path: Path) -> None:
    port = free_port()
    with listener(tmp_path, port) as server:
        pass
    assert not serves(port)(server.log)


def test_a_server_that_ends_at_once_shows_the_end_of_its_log(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such setting')"]
    with pytest.raises(ServiceUnavailable, match=r"ended with status 1(.|\n)*no such setting"):
        Server("broken", tmp_path, command, serves(free_port())).start()


def test_a_workspace_leaves_its_log_and_no_data(tmp_path: Path) -> None:
    with workspace(tmp_path) as folder:
        (folder / "kafka.log").write_text("started")
        (folder / "data").mkdir()
    assert [log.read_text() for log in (tmp_path / "logs").iterdir()] == ["started"]
    assert list((tmp_path / "data").iterdir()) == []


def test_what_a_killed_run_left_is_removed_and_a_living_ones_is_not(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, living = tmp_path / "data" / f"{ended.pid}-abc", tmp_path / "data" / f"{os.getpid()}-def"
    left.mkdir(parents=True)
    living.mkdir()
    with workspace(tmp_path):
        assert not left.exists()
        assert living.exists()
