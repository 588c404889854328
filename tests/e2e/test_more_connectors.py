"""The kinds of connectors that the sample has no use for, on real servers: ChirpStack, files in, the other subjects."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from application.errors import NotFound
from domain.device import DeviceEntry
from domain.identifiers import DevEui
from tests.e2e.ulm import Ulm, messages_of, ulm
from tests.services.fixtures import MosquittoFactory
from tests.support.eventually import eventually
from tools.services.address import CassandraAddress, KafkaAddress

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

_LONG_S = 120.0
_DEVICE = "0201b58a00000001"
_SAMPLE = """
[kafka]
[cassandra]
[[connectors]]
name = "city-chirpstack"
kind = "chirpstack"
host = "broker"
tls = false
qos = 1
canary = "publish"
[[connectors]]
name = "city-devices"
kind = "registry_from_csv"
path = "devices"
settle_s = 0
every_s = 0.2
[[connectors]]
name = "city-readings"
kind = "readings_from_csv"
path = "readings"
settle_s = 0
every_s = 0.2
[[connectors]]
name = "resting"
kind = "gas_to_csv"
folder = "out"
paused = true
"""
_SINKS = [f"{subject}-cassandra" for subject in ("parking", "lamps", "devices", "heat", "gas")]
_MORE = "".join(f'[[connectors]]\nname = "{name}"\nkind = "{name.replace("-", "_to_")}"\n' for name in _SINKS)
_ALL = ["city-chirpstack", "city-devices", "city-readings", "resting", *_SINKS]


@pytest.fixture
def city(
    tmp_path: Path, kafka: KafkaAddress, cassandra: CassandraAddress, mosquitto_factory: MosquittoFactory
) -> Iterator[Ulm]:
    """All connectors in one process, and the processing between them."""
    with ExitStack() as running:
        city = running.enter_context(ulm(tmp_path, kafka, cassandra, mosquitto_factory(), _SAMPLE + _MORE))
        for role in ("connect", "process"):
            running.enter_context(city.role(role))
        yield city


async def test_all_kinds_work(city: Ulm) -> None:
    expected = dict.fromkeys(_ALL, "RUNNING") | {"resting": "PAUSED"}
    await eventually(lambda: _states(city), expected=expected, deadline_s=_LONG_S)
    assert city.status().code == 0
    (city.folder / "devices" / "d.csv").write_text(f"dev_eui,zone\n{_DEVICE},Eselsberg\nnone,Eselsberg\n")
    (city.folder / "readings" / "r.csv").write_text(
        f"device,time,measurand,value,unit\n{_DEVICE},2026-01-01T00:00:00Z,device.battery.level,50,%\n"
    )
    messages = [each for fleet in ("parking", "lamps") for each in messages_of(fleet, "chirpstack", 100)]
    await city.publish(messages)
    wanted = {"city-devices": (1, 1), "city-readings": (1, 0), "city-chirpstack": (len(messages), 0)}
    await eventually(lambda: _counts(city, *wanted), expected=wanted, deadline_s=_LONG_S)
    await eventually(lambda: _zone(city), expected="Eselsberg", deadline_s=_LONG_S)
    await eventually(lambda: _stored(city), expected=True, deadline_s=_LONG_S)
    [letter] = await city.container().dead_letters().list()
    assert (letter.stage, letter.source, letter.origin) == ("connect", "city-devices", "d.csv:3")


async def _states(city: Ulm) -> dict[str, str]:
    return {name: each.state for name, each in (await city.listed()).items()}


async def _counts(city: Ulm, *names: str) -> dict[str, tuple[int, int]]:
    """Return what each has brought through, and what it could not."""
    found = await city.listed()
    return {name: (report.out, report.dead) for name in names if (report := found[name].report) is not None}


async def _zone(city: Ulm) -> str:
    container = city.container()
    async with container.session():
        try:
            return (await container.registry().get(DeviceEntry, _DEVICE)).zone
        except NotFound:
            return ""


async def _stored(city: Ulm) -> bool:
    """Say whether each subject that the city speaks of was stored, states of devices among them."""
    counts = await _counts(city, "parking-cassandra", "lamps-cassandra", "devices-cassandra")
    if not all(out for out, _ in counts.values()):
        return False
    container = city.container()
    async with container.session():
        devices = await container.devices().page(size=100)
        states = [await container.states().get(DevEui(each.dev_eui)) for each in devices]
    return len(states) == 12
