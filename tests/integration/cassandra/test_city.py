"""Spots, lamps, positions and silent devices from Cassandra are those from memory."""

import pytest

from adapters.cassandra.device_registry import CassandraDeviceRegistry
from adapters.cassandra.device_states import CassandraDeviceStates
from adapters.cassandra.loss_days import CassandraLossDays
from adapters.cassandra.master_data import CassandraMasterData
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings
from adapters.memory.device_registry import MemoryDeviceRegistry
from application.burning_hours import LampHistories
from application.devices import Devices
from application.frame_gaps import LedgerGaps
from application.lighting import Lighting
from application.parking import Parking
from application.ports.device_registry import DeviceRegistry
from application.ports.observation_store import ObservationStore
from application.ports.reading_query import ReadingQuery
from application.positions import Positions
from domain.device import DeviceEntry
from domain.identifiers import DevEui
from domain.lighting import Circuit, Gear, Lamp, SwitchingSchedule
from domain.parking import Closure, ParkingZone, Spot, SpotKind
from tests.contract.devices import a_fresh_device
from tests.integration.cassandra.cql import cql
from tests.support.builders import a_device
from tests.unit.application.city import at
from tests.unit.application.live_city import LiveCity

pytestmark = pytest.mark.integration

SPOT, LAMP, TRACKER = a_fresh_device(), a_fresh_device(), a_fresh_device()


@pytest.fixture
def city(
    settings: ClusterSettings, session: CassandraSession, store: ObservationStore, query: ReadingQuery
) -> LiveCity:
    """Return a city whose stores are in Cassandra."""
    cql(settings, "TRUNCATE {keyspace}.master_data")
    city = LiveCity()
    city.store, city.readings = store, query  # type: ignore[assignment]  # the same ports
    city.states, city.losses = CassandraDeviceStates(session), CassandraLossDays(session)  # type: ignore[assignment]  # likewise
    city.records = CassandraMasterData(session)  # type: ignore[assignment]  # likewise
    return city


async def live(city: LiveCity) -> None:
    """Let a spot, a luminaire and a tracker speak; a frame of the spot is lost."""
    await city.knows(
        ParkingZone("hafen", 1, "Hafen", {"charging": 60}),
        Spot("hafen-1", 1, 0, "hafen", SpotKind.CHARGING, SPOT),
        Spot("hafen-2", 1, 0, "hafen", SpotKind.DISABLED),
        Spot("hafen-2", 1, at(60), "hafen", removed=True),
        Spot("markt-1", 1, 0, "markt"),
        Closure(1, at(0), spot_id="markt-1"),
        SwitchingSchedule("nachts", 1, 0, ("18:00/06:00",), "UTC"),
        Circuit("kreis-1", 1, 0, "schrank-1", "nachts", expected_interval_s=900),
        Lamp("lampe-1", 1, 0, "kreis-1", LAMP),
        Gear("lampe-1", 1, at(-1_000), "XS-17"),
        DeviceEntry(TRACKER, 1, expected_interval_s=900),
    )
    await city.speaks(0, 0, 2, "0005", dev_eui=SPOT)
    await city.speaks(10, 1, 1, "01", dev_eui=SPOT)
    await city.speaks(300, 3, 2, "0005", dev_eui=SPOT)
    for hour in range(9):
        register = (3_600_000 + 3_600 * hour).to_bytes(4, "little").hex()
        await city.speaks(60 * hour, hour, 25, "ff83010000000400" + register, device_id="lamp-1", dev_eui=LAMP)
    await city.speaks(0, 0, 1, "0030edec003224450000de", device_id="tracker-1", dev_eui=TRACKER)


async def answers(city: LiveCity, devices: DeviceRegistry) -> list[object]:
    """Return what the city wants to know."""
    await devices.register([a_device(device) for device in (SPOT, LAMP, TRACKER)])
    parking = Parking(city.readings, city.states, city.records, LedgerGaps(city.losses), city.clock)
    lighting = Lighting(city.states, city.records, city.clock)
    positions = Positions(city.readings, devices, city.records, city.clock)
    return [
        list(await parking.spots(size=9)),
        list(await parking.spots(size=1, after="hafen-1", at_ns=at(30))),
        list(await parking.zones(size=9)),
        await parking.use("hafen-1", at(0), at(600)),
        list(await lighting.lamps(size=9)),
        list(await lighting.circuits(size=9)),
        list(await lighting.alarms()),
        await LampHistories(city.readings, city.records, city.clock).hours("lampe-1", at(0), at(480)),
        await positions.position(DevEui(TRACKER)),
        list(await positions.track(DevEui(TRACKER), at(-1), at(600))),
        [each.entry.dev_eui for each in await Devices(city.states, city.records, city.clock).silent(size=9)],
    ]


async def test_the_city_is_told_the_same_from_cassandra_as_from_memory(
    city: LiveCity, session: CassandraSession
) -> None:
    in_memory = LiveCity()
    for each in (city, in_memory):
        await live(each)
    from_cassandra = await answers(city, CassandraDeviceRegistry(session))
    from_memory = await answers(in_memory, MemoryDeviceRegistry())
    assert from_cassandra == from_memory
    spots, alarms, silent = from_cassandra[0], from_cassandra[6], from_cassandra[10]
    assert (len(spots), len(alarms), silent) == (2, 1, [TRACKER])  # type: ignore[arg-type]  # lists
