"""The sample with the seventeen connectors on real servers: all of them work, and say so truthfully."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest

from application.ports.connector_reports import ConnectorReport
from domain.device import DeviceEntry
from domain.meter import Meter
from tests.e2e.role import Role
from tests.e2e.ulm import SAMPLE, Ulm, by_connector, city_messages, ulm
from tests.services.fixtures import MosquittoFactory
from tests.support.eventually import eventually
from tools.services.address import CassandraAddress, KafkaAddress

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

SEVENTEEN = [
    "swu-electricity-ttn-50",
    "swu-electricity-ttn-50-activations",
    "swu-water-ttn",
    "swu-water-ttn-activations",
    "ttn-swu-sniffer-gps",
    "ttn-swu-sniffer-gps-activations",
    "ttn-ztrack-gps",
    "ttn-ztrack-gps-activations",
    "metadata-csv",
    "swu-electricity-csv",
    "device-positions-csv",
    "swu-electricity-cassandra",
    "swu-water-cassandra",
    "device-positions-cassandra",
    "metadata-cassandra",
    "cassandra-ttn-devices",
    "cassandra-swu-electricity-meters",
]
"""As on the screenshot of the talk that the platform began with."""
_UPLINKS = 200
"""Of each fleet."""
_LONG_S = 120.0


class Scene:
    """The city, its platform and who looks after it."""

    def __init__(self, city: Ulm, connect: Role, process: Role) -> None:
        self.city = city
        self.connect = connect
        self.process = process

    async def reports(self) -> dict[str, ConnectorReport]:
        """Return what those in the list say, by name."""
        found = await self.city.listed()
        return {name: each.report for name, each in found.items() if each.report is not None}

    async def states(self) -> dict[str, tuple[str, str]]:
        """Return state and trouble of each."""
        found = await self.city.listed()
        return {name: (each.state, each.trouble.reason if each.trouble else "") for name, each in found.items()}


@pytest.fixture
def scene(
    tmp_path: Path, kafka: KafkaAddress, cassandra: CassandraAddress, mosquitto_factory: MosquittoFactory
) -> Iterator[Scene]:
    """All connectors in one process, and the processing between them."""
    with ExitStack() as running:
        city = running.enter_context(ulm(tmp_path, kafka, cassandra, mosquitto_factory()))
        roles = [running.enter_context(city.role(name)) for name in ("connect", "process")]
        yield Scene(city, *roles)


def test_the_sample_names_the_seventeen_in_their_order() -> None:
    named = [line for line in SAMPLE.read_text(encoding="utf-8").splitlines() if line.startswith("name = ")]
    assert [line.split('"')[1] for line in named] == SEVENTEEN


async def test_all_seventeen_work_and_the_one_that_is_broken_is_named(scene: Scene) -> None:
    await eventually(scene.states, expected=dict.fromkeys(SEVENTEEN, ("RUNNING", "")), deadline_s=_LONG_S)
    assert scene.city.status().code == 0
    await _rows_come_in(scene)
    await _uplinks_come_in(scene)
    await _results_go_out(scene)
    await _canaries_come_back(scene)
    await _one_that_is_broken_is_named(scene)


async def _rows_come_in(scene: Scene) -> None:
    """Let the administration register a device and a meter, and find both in the registry."""
    scene.city.administer(
        "INSERT INTO {administration}.ttn_devices (dev_id, dev_eui, device_type, district)"
        " VALUES ('meter-000001', '0201B58A00000001', 'imst_ioke868', 'Eselsberg')",
        "INSERT INTO {administration}.swu_electricity_meters (meter_no, medium, model)"
        " VALUES ('1ESY1160123456', 'electricity', 'Q3D')",
    )
    await eventually(lambda: _out(scene, SEVENTEEN[-2:]), expected=dict.fromkeys(SEVENTEEN[-2:], 1), deadline_s=_LONG_S)
    container = scene.city.container()
    async with container.session():
        entry = await container.registry().get(DeviceEntry, "0201b58a00000001")
        meter = await container.registry().get(Meter, "1ESY1160123456")
    assert (entry.zone, entry.labels, meter.model) == ("Eselsberg", {"ttn": "meter-000001"}, "Q3D")


async def _uplinks_come_in(scene: Scene) -> None:
    """Let the city speak, and count at each connector what it must have taken."""
    applications = city_messages(_UPLINKS)
    await scene.city.publish([message for messages in applications.values() for message in messages])
    expected = {name: by_connector(applications)[name] for name in SEVENTEEN[:8]}
    await eventually(lambda: _out(scene, SEVENTEEN[:8]), expected=expected, deadline_s=_LONG_S)
    assert all(expected.values())


async def _results_go_out(scene: Scene) -> None:
    """Find that every sink stored all that is of its kind, and that files and tables hold the same."""
    sinks = [name for name in SEVENTEEN if name.endswith(("-csv", "-cassandra"))]
    await eventually(lambda: _drained(scene, sinks), expected=True, deadline_s=_LONG_S)
    rows = await scene.reports()
    for subject in ("swu-electricity", "metadata"):
        assert rows[f"{subject}-csv"].out == rows[f"{subject}-cassandra"].out, subject
    for subject in ("swu-electricity", "device-positions", "metadata"):
        assert len(scene.city.exported(f"{subject}-csv")) >= rows[f"{subject}-csv"].out, subject
    for row in rows.values():
        assert row.came_in == row.out + row.dead + row.redelivered + row.ignored, row


async def _canaries_come_back(scene: Scene) -> None:
    rows = await scene.reports()
    assert all(rows[name].canary_back_us > 0 and rows[name].ignored > 0 for name in SEVENTEEN[:8])


async def _one_that_is_broken_is_named(scene: Scene) -> None:
    """Take a table away: its connector fails, the process ends with its code, and the list tells the truth of all."""
    scene.city.administer("DROP TABLE {administration}.swu_electricity_meters")
    assert await asyncio.to_thread(scene.connect.wait, _LONG_S) == 78, scene.connect.said()
    broken = "cassandra-swu-electricity-meters"
    expected = {name: ("FAILED", "failed") if name == broken else ("STOPPED", "") for name in SEVENTEEN}
    assert await scene.states() == expected
    ended = scene.city.status()
    shown = [msgspec.json.decode(line) for line in ended.out.splitlines()]
    assert {row["name"]: row["state"] for row in shown} == {name: state for name, (state, _) in expected.items()}
    assert ended.code == 1
    assert ended.err.startswith(f"{broken}: ")
    assert ended.last_line == f"1 of 17 connectors are not well: {broken}"


async def _out(scene: Scene, names: Sequence[str]) -> dict[str, int]:
    rows = await scene.reports()
    return {name: rows[name].out for name in names}


async def _drained(scene: Scene, sinks: Sequence[str]) -> bool:
    """Say whether all of ``sinks`` stored something, nothing waits, and all that read the same have read as much."""
    rows = await scene.reports()
    read = [{rows[name].came_in for name in sinks if name.startswith("metadata") == radio} for radio in (True, False)]
    idle = all(rows[name].out > 0 and rows[name].lag == 0 for name in sinks)
    return idle and all(len(each) == 1 for each in read)
