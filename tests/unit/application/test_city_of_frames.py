"""From frames on the air to what the city wants to know: codecs, accounts, stores and rules in one go."""

import pytest

from adapters.memory.device_registry import MemoryDeviceRegistry
from application.burning_hours import LampHistories
from application.frame_gaps import LedgerGaps
from application.lighting import Lighting
from application.parking import Parking
from application.positions import Positions
from domain.between import Between, exactly
from domain.identifiers import DevEui
from domain.lighting import BurningHours, Lamp, Origin
from domain.observation import Position, Reading
from domain.parking import Occupancy, Spot, Turnover
from domain.radio import ServerReport
from tests.support.builders import DEV, a_device
from tests.unit.application.city import at
from tests.unit.application.live_city import LiveCity

HOUR = 60
CHANGE, HEARTBEAT, STARTUP, DEBUG = 1, 2, 3, 6
"""Ports of the TPS110."""
STARTED_FREE = "240300007503000000000000001d020300"
STATUS, USAGE = 24, 25
"""Ports of the UL20xx."""


@pytest.fixture
async def city() -> LiveCity:
    city = LiveCity()
    await city.knows(Spot("hafen-1", 1, dev_eui=DEV))
    return city


def parking(city: LiveCity) -> Parking:
    """Return the use case over the city."""
    return Parking(city.readings, city.states, city.records, LedgerGaps(city.losses), city.clock)


async def test_a_car_that_comes_and_goes(city: LiveCity) -> None:
    await city.speaks(0, 0, HEARTBEAT, "0005")
    await city.speaks(10, 1, CHANGE, "01")
    await city.speaks(70, 2, CHANGE, "00")
    use = await parking(city).use("hafen-1", at(1), at(600))
    assert use.turnover == Turnover(1, 1)
    assert [stay.stay.since for stay in use.stays] == [exactly(at(10))]
    assert (await parking(city).spot("hafen-1")).since == exactly(at(70))


async def test_a_departure_that_was_lost_is_bounded_by_the_heartbeat_that_tells_of_it(city: LiveCity) -> None:
    await city.speaks(0, 0, CHANGE, "01")
    await city.speaks(300, 2, HEARTBEAT, "0005")
    state = await parking(city).spot("hafen-1")
    assert (state.occupancy, state.since) == (Occupancy.FREE, Between(at(0), at(300)))


async def test_a_frame_that_comes_late_puts_the_past_right(city: LiveCity) -> None:
    await city.speaks(0, 0, CHANGE, "01")
    await city.speaks(300, 2, HEARTBEAT, "0005")
    await city.speaks(120, 1, CHANGE, "00")
    assert (await parking(city).spot("hafen-1")).since == exactly(at(120))


async def test_what_was_lost_later_leaves_the_state_before_as_it_was(city: LiveCity) -> None:
    await city.speaks(0, 0, CHANGE, "01")
    await city.speaks(300, 2, HEARTBEAT, "0005")
    assert (await parking(city).spot("hafen-1", at(10))).occupancy is Occupancy.OCCUPIED


async def test_a_lost_frame_between_two_arrivals_leaves_the_turnover_open(city: LiveCity) -> None:
    await city.speaks(-5, 0, HEARTBEAT, "0005")
    await city.speaks(0, 1, CHANGE, "01")
    await city.speaks(300, 3, CHANGE, "01")
    assert (await parking(city).use("hafen-1", at(-4), at(600))).turnover == Turnover(1, 2)


async def test_a_frame_that_brings_nothing_to_be_read_is_no_lost_frame(city: LiveCity) -> None:
    await city.speaks(0, 0, HEARTBEAT, "0005")
    await city.speaks(5, 1, DEBUG, "d000000024030000" + "0100")
    await city.speaks(10, 2, CHANGE, "01")
    assert (await parking(city).spot("hafen-1")).since == exactly(at(10))


async def test_a_restart_is_no_departure(city: LiveCity) -> None:
    await city.speaks(0, 7, CHANGE, "01")
    await city.speaks(30, 8, STARTUP, STARTED_FREE)
    state = await parking(city).spot("hafen-1")
    assert (state.occupancy, state.reason) == (Occupancy.UNKNOWN, "restarted")
    await city.speaks(31, 9, CHANGE, "01")
    state = await parking(city).spot("hafen-1")
    assert (state.occupancy, state.since) == (Occupancy.OCCUPIED, Between(None, at(0)))


async def test_burning_hours_of_a_luminaire_come_from_its_packets(city: LiveCity) -> None:
    await city.knows(Lamp("lampe-1", 1, dev_eui=DEV))
    on_time = "ff830100000004000000{:08x}"
    for hour in range(11):
        seconds = (3_600_000 + 3_600 * hour).to_bytes(4, "little").hex()
        await city.speaks(HOUR * hour, hour, USAGE, on_time.format(0)[:16] + seconds, device_id="lamp-1")
    hours = await LampHistories(city.readings, city.records, city.clock).hours("lampe-1", at(0), at(600))
    assert hours.registered == BurningHours(Origin.REGISTER, 10 * 3_600_000_000_000)


async def test_a_latched_flag_of_a_luminaire_is_told_as_one(city: LiveCity) -> None:
    await city.knows(Lamp("lampe-1", 1, dev_eui=DEV))
    await city.speaks(0, 0, STATUS, "dfd41d5e004b041522ae05050aff32", device_id="lamp-1")
    view = await Lighting(city.states, city.records, city.clock).lamp("lampe-1")
    assert view.faults == ("lamp.latched",)
    assert view.state.dim_level is not None
    assert view.state.dim_level.value == 50.0


async def where(city: LiveCity) -> tuple[str, int | None]:
    """Return who says where the device is, and when it was there."""
    devices = MemoryDeviceRegistry()
    await devices.register([a_device(DEV)])
    found = await Positions(city.readings, devices, city.records, city.clock).position(DevEui(DEV))
    assert found.best is not None
    return found.best.place.source, found.best.event_ns


async def solved(city: LiveCity, minutes: float) -> None:
    """Let the network server solve a location."""
    reading = Reading("position", "", Position(484_000_000, 99_900_000, "tdoa"))
    await city.takes(ServerReport(DevEui(DEV), "swu", "swu-trackers", "tracker-1", at(minutes), (reading,)))


async def test_what_a_network_solves_does_not_outweigh_the_receiver_of_a_tracker(city: LiveCity) -> None:
    await city.speaks(0, 0, 1, "0030edec003224450000de", device_id="tracker-1")
    await solved(city, 1)
    assert await where(city) == ("gnss", at(0))


async def test_an_impossible_or_cached_fix_of_a_tracker_is_no_position(city: LiveCity) -> None:
    await solved(city, 0)
    await city.speaks(1, 0, 1, "53ab783c0421f98e940ab3", device_id="tracker-1")  # 101 degrees north
    await city.speaks(2, 1, 1, "85a8c5ebd8763f0b0301be", device_id="tracker-1")  # cached
    assert await where(city) == ("tdoa", at(0))
