"""Every exit code, from whole processes: who cannot go on ends, says why, and nobody seems to work who does not."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.e2e.command import command
from tests.e2e.platform import distributed_settings, embedded_settings, source, unused_name
from tests.e2e.role import done
from tests.faults.failing import BUGS
from tests.faults.process import Process
from tests.support.eventually import until
from tools.services.address import CassandraAddress, KafkaAddress, MqttAddress
from tools.services.ports import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

_ROLE_WITH = {
    "the step raises": "process",
    "the feed ends": "sink",
    "the assignment ends": "process",
    "a callback raises": "ingest",
    "the source ends": "ingest",
}
_CITY = '[[sources]]\nkind = "simulated_city"\nrate = 0\nuplinks = 100\n'
_END_S = 120.0


@pytest.fixture(scope="module")
def config(
    tmp_path_factory: pytest.TempPathFactory, kafka: KafkaAddress, cassandra: CassandraAddress, mosquitto: MqttAddress
) -> Path:
    """Settings of a distributed platform whose topics are there, with something in them."""
    folder = tmp_path_factory.mktemp("codes")
    settings = distributed_settings(unused_name(), free_port(), kafka, cassandra)
    filled = folder / "filled.toml"
    filled.write_text(settings + _CITY)
    done(folder, "migrate", "--config", str(filled))
    with Process(folder, "ingest", "--config", str(filled)) as ingest:
        asyncio.run(until(lambda: ingest.laws().get("ingest city", {}).get("out", 0) > 0, _END_S))
        assert ingest.end() == 0
    config = folder / "stadtfunk.toml"
    config.write_text(settings + source(mosquitto.host, mosquitto.port, "nobody/+"))
    return config


def test_0_who_was_told_to_stop(tmp_path: Path) -> None:
    config = tmp_path / "stadtfunk.toml"
    config.write_text(embedded_settings(tmp_path / "data", free_port()))
    with Process(tmp_path, "run", "--config", str(config)) as process:
        asyncio.run(until(lambda: "frames received" in process.said(), _END_S))
        process.send(signal.SIGTERM)
        assert process.wait(_END_S) == 0


def test_2_settings_that_are_wrong_are_all_told_at_once_and_nothing_is_started(tmp_path: Path) -> None:
    config = tmp_path / "stadtfunk.toml"
    config.write_text('[kafka]\npartitions = "many"\nbootstrop = "x"\n[grpc]\nport = -1\n')
    ended = command("process", "--config", config, folder=tmp_path)
    assert ended.code == 2
    said = [line for line in ended.err.splitlines() if line.startswith("stadtfunk: ")]
    assert [name for name in ("partitions", "bootstrop", "port") if any(name in line for line in said)] == [
        *("partitions", "bootstrop", "port"),
    ]
    assert [each.name for each in tmp_path.iterdir()] == ["stadtfunk.toml"]


def test_69_a_broker_that_is_away_longer_than_its_budget(tmp_path: Path) -> None:
    config = tmp_path / "stadtfunk.toml"
    nowhere = source("127.0.0.1", free_port(), "v3/+/devices/+/up", unreachable_budget_s=0.5)
    config.write_text(embedded_settings(tmp_path / "data", free_port()) + nowhere)
    ended = command("run", "--config", config)
    assert ended.code == 69
    assert "was out of reach for 0.5 s" in ended.last_line


@pytest.mark.parametrize("bug", BUGS)
def test_70_a_bug_ends_the_role_that_has_it(config: Path, tmp_path: Path, bug: str) -> None:
    with Process(tmp_path, _ROLE_WITH[bug], "--config", str(config)) as process:
        process.kill()
        process.start("tests.faults.failing", bug)
        assert process.wait(_END_S) == 70, process.said()
        assert "Traceback" in process.said()


def test_75_two_processes_with_one_name(config: Path, tmp_path: Path) -> None:
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        folder.mkdir()
    with Process(folders[0], "process", "--config", str(config)) as first:
        # Two that join in the same moment may meet a broker's UNKNOWN_SERVER_ERROR, which is another code.
        asyncio.run(until(lambda: "restored" in first.said(), _END_S))
        with Process(folders[1], "process", "--config", str(config)) as second:
            assert first.wait(_END_S) == 75
            assert "give each its own kafka.instance_id" in first.said().splitlines()[-1]
            assert second.is_running


def test_78_topics_that_are_not_there(config: Path, tmp_path: Path) -> None:
    other = tmp_path / "stadtfunk.toml"
    name = next(line for line in config.read_text().splitlines() if line.startswith("uplinks = "))
    other.write_text(config.read_text().replace(name, 'uplinks = "nowhere-uplinks"'))
    ended = command("process", "--config", other)
    assert ended.code == 78
    assert ended.last_line.endswith("run `stadtfunk migrate`")
