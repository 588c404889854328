"""The read-out of all points at a key date, and the cases and rates that explain what is missing."""

import pytest

from application.register_choice import RegisterChoice
from domain.device import DeviceEntry, DeviceState, LatestValue
from domain.errors import InvalidValue
from domain.identifiers import DevEui
from domain.meter import DeviceAtMeter, Group, Medium, MeterId, PointId, Reason
from tests.support.builders import a_device
from tests.unit.application.metering import CHOICE, Metering, days
from tests.unit.domain.meter.points import DAY, DEVICE, HOUR, NOW, NS, OLD, OTHER, POINT, START, ns

NETWORK_NS = 2 * NS
"""How uncertain the network's times are."""
KEY_DATE = ns("2026-10-01 00:00")


@pytest.fixture
async def city() -> Metering:
    """Return three points: one read, one too long ago, one without a meter that is read."""
    city = Metering()
    await city.meter(PointId("p1"), MeterId("m1"), DevEui("0000000000000001"))
    await city.meter(PointId("p2"), MeterId("m2"), DevEui("0000000000000002"))
    await city.meter(PointId("p3"), MeterId("m3"), DevEui("0000000000000003"))
    await city.records.remove(DeviceAtMeter, DeviceAtMeter(MeterId("m3"), DEVICE, START, 1).key, 2)
    await city.read({"2026-09-30 23:00": 815_000}, dev_eui=DevEui("0000000000000001"))
    await city.read({"2026-09-20 23:00": 4_711_000}, dev_eui=DevEui("0000000000000002"))
    return city


async def test_every_point_has_its_register_or_the_reason_why_it_has_none(city: Metering) -> None:
    page = await city.read_outs.page(KEY_DATE, CHOICE, size=10)
    assert [(each.point, each.value, each.reasons) for each in page.read_outs] == [
        ("p1", 815_000, ()),
        ("p2", None, (Reason.READING_TOO_OLD,)),
        ("p3", None, (Reason.NO_DEVICE,)),
    ]
    assert page.last == ""


async def test_a_reading_may_be_as_old_as_asked_for(city: Metering) -> None:
    (found,) = await city.read_outs.of(PointId("p2"), KEY_DATE, RegisterChoice(30 * DAY))
    assert (found.value, found.reading_ns) == (4_711_000, ns("2026-09-20 23:00"))


@pytest.mark.parametrize("size", [1, 2])
async def test_pages_join_without_gap_or_repeat(city: Metering, size: int) -> None:
    found, after = [], ""
    while True:
        page = await city.read_outs.page(KEY_DATE, CHOICE, size=size, after=after)
        found += [each.point for each in page.read_outs]
        after = page.last
        if not after:
            break
    assert found == ["p1", "p2", "p3"]


async def test_cases_are_open_until_an_assignment_agrees() -> None:
    city = Metering()
    await city.meter(serials=("8SEN0123456",))
    await city.read({NOW - 3 * DAY: "8SEN0123456", NOW - 2 * DAY: "8SEN0999999"}, "meter.identity")
    page = await city.exchanges.page(size=10)
    assert [(each.point, each.reported_serial, each.earliest_ns, each.latest_ns) for each in page.cases] == [
        (POINT, "8SEN0999999", NOW - 3 * DAY - NETWORK_NS, NOW - 2 * DAY + NETWORK_NS)
    ]
    await city.records.put([DeviceAtMeter(OLD, DEVICE, START, 2, until_ns=NOW - 2 * DAY)])
    assert (await city.exchanges.page(size=10)).cases == []


async def test_a_case_that_opened_long_ago_is_open_still() -> None:
    city = Metering()
    await city.meter(serials=("8SEN0123456",))
    await city.read({NOW - 300 * DAY: "8SEN0123456", NOW - 200 * DAY: "8SEN0999999"}, "meter.identity")
    latest = LatestValue("meter.identity", "", NOW - 200 * DAY, "8SEN0999999")
    await city.states.write([DeviceState(DEVICE, 1, "", "", "", NOW, (), (latest,))])
    (case,) = (await city.exchanges.page(size=10)).cases
    assert (case.earliest_ns, case.latest_ns) == (NOW - 300 * DAY - NETWORK_NS, NOW - 200 * DAY + NETWORK_NS)


async def test_a_device_whose_last_word_agrees_has_no_case() -> None:
    city = Metering()
    await city.meter(serials=("8SEN0123456",))
    await city.read({NOW - 2 * DAY: "8SEN0999999", NOW - DAY: "8SEN0123456"}, "meter.identity")
    latest = LatestValue("meter.identity", "", NOW - DAY, "8SEN0123456")
    await city.states.write([DeviceState(DEVICE, 1, "", "", "", NOW, (), (latest,))])
    assert (await city.exchanges.page(size=10)).cases == []


class TestReadRate:
    @pytest.fixture
    async def city(self) -> Metering:
        city = Metering()
        await city.devices.register([a_device(DEVICE, device_type="nas_um30xx")])
        await city.meter(interval_s=3_600)
        await city.meter(PointId("elsewhere"), MeterId("other"), OTHER, zone="Oststadt", medium=Medium.ELECTRICITY)
        start = ns("2026-03-28 00:00")
        await city.read({start + hour * HOUR: hour for hour in range(24 + 23) if hour != 5})
        return city

    async def test_expects_nothing_of_the_hours_to_come(self, city: Metering) -> None:
        city.clock.advance((ns("2026-03-28 06:00") - NOW) / NS)
        rates = await city.read_rates.of(days("2026-03-28", "2026-03-30"), zone="Weststadt")
        assert [(each.expected, each.received) for each in rates] == [(6, 5)]

    async def test_of_a_device_that_was_never_heard_has_its_registered_type(self, city: Metering) -> None:
        await city.records.put([DeviceEntry(DEVICE, 1, device_type="axioma_w1")])
        rates = await city.read_rates.of(days("2026-03-28", "2026-03-29"), zone="Weststadt")
        assert {rate.group.device_type for rate in rates} == {"axioma_w1"}

    async def test_is_by_day_zone_and_type(self, city: Metering) -> None:
        rates = await city.read_rates.of(days("2026-03-28", "2026-03-30"))
        east, west = Group("Oststadt", Medium.ELECTRICITY, ""), Group("Weststadt", Medium.WATER, "nas_um30xx")
        assert [(each.group, each.expected, each.received, each.unknown) for each in rates] == [
            (east, 0, 0, 1),
            (west, 24, 23, 0),
            (east, 0, 0, 1),
            (west, 23, 23, 0),
        ]

    async def test_may_be_of_one_zone(self, city: Metering) -> None:
        rates = await city.read_rates.of(days("2026-03-28", "2026-03-29"), zone="Weststadt")
        assert [each.group.zone for each in rates] == ["Weststadt"]

    async def test_goes_over_two_months_at_most(self, city: Metering) -> None:
        with pytest.raises(InvalidValue):
            await city.read_rates.of(days("2026-01-01", "2026-04-01"))
