"""Consumption computed from what is stored: late readings and corrected definitions are in it."""

import pytest

from application.consumption import MOST_BUCKETS, Between
from application.errors import NotFound
from application.register_choice import RegisterChoice
from application.time_zone import time_zone
from domain.errors import InvalidValue
from domain.meter import Grain, Medium, PointId, Ratio, Reason, Status, TooManyBuckets
from tests.unit.application.metering import CHOICE, Metering, days
from tests.unit.domain.meter.points import BERLIN, DAY, HOUR, NOW, NS, POINT, ns

JUNE = days("2026-06-15", "2026-06-17")


@pytest.fixture
def city() -> Metering:
    return Metering()


async def litres(city: Metering, between: Between = JUNE, choice: RegisterChoice = CHOICE) -> list[float | None]:
    found = await city.consumption.of(POINT, between, choice)
    return [None if each.value is None else each.value / 1_000 for each in found]


async def test_a_point_has_the_consumption_of_its_mediums_register(city: Metering) -> None:
    await city.meter()
    await city.read({"2026-06-14 23:00": 1_000, "2026-06-15 23:00": 3_000, "2026-06-16 23:00": 9_000})
    assert await litres(city) == [2, 6]


async def test_a_late_reading_completes_its_day(city: Metering) -> None:
    await city.meter()
    await city.read({"2026-06-15 00:00": 1_000, "2026-06-17 00:00": 9_000})
    choice = RegisterChoice(HOUR)
    assert await litres(city, choice=choice) == [None, None]
    await city.read({"2026-06-16 00:00": 4_000})
    assert await litres(city, choice=choice) == [3, 5]


async def test_a_definition_that_is_corrected_corrects_what_was_used(city: Metering) -> None:
    await city.meter(device_input="pulse1")
    await city.define(factor=Ratio(1))
    await city.read(
        {"2026-06-15 00:00": 10, "2026-06-16 00:00": 30, "2026-06-17 00:00": 90}, "meter.pulse_count", "pulse1"
    )
    assert await litres(city) == [20, 60]
    await city.define(factor=Ratio(10), written_us=2)
    assert await litres(city) == [200, 600]


async def test_pulses_that_nobody_has_defined_are_told_so(city: Metering) -> None:
    await city.meter(device_input="pulse1")
    await city.read({"2026-06-15 00:00": 10, "2026-06-16 00:00": 30}, "meter.pulse_count", "pulse1")
    found = await city.consumption.of(POINT, JUNE, CHOICE)
    assert {(each.value, each.reasons) for each in found} == {(None, (Reason.NO_DEFINITION,))}
    await city.define()
    assert await litres(city) == [20, 0]


async def test_history_that_the_next_uplink_sends_again_changes_nothing(city: Metering) -> None:
    await city.meter()
    slots: dict[str | int, int | str] = {ns("2026-06-15 00:00") + hour * HOUR: hour * 100 for hour in range(49)}
    await city.read(slots)
    before = await city.consumption.of(POINT, JUNE, CHOICE)
    await city.read(dict(list(slots.items())[5:30]))
    assert await city.consumption.of(POINT, JUNE, CHOICE) == before


async def test_a_counter_that_went_round_before_the_time_asked_for_is_counted(city: Metering) -> None:
    await city.meter()
    await city.define(index=0, modulus=10_000)
    counts: dict[str | int, int | str] = {f"2026-{month:02d}-20 00:00": month * 2_400 % 10_000 for month in range(1, 6)}
    await city.read({**counts, "2026-06-15 00:00": 4_000, "2026-06-16 00:00": 4_010}, "meter.pulse_count", "pulse1")
    (found,) = await city.consumption.of(POINT, days("2026-06-15", "2026-06-16"), CHOICE)
    assert (found.value, found.end.register) == (10_000, 14_010_000)


async def test_every_tariff_is_told_unless_one_is_asked_for(city: Metering) -> None:
    await city.meter(medium=Medium.ELECTRICITY)
    for tariff, value in (("t1", 5), ("t2", 7)):
        values: dict[str | int, int | str] = {"2026-06-15 00:00": 0, "2026-06-16 00:00": value}
        await city.read(values, "electricity.energy.active.import", tariff)
    day = days("2026-06-15", "2026-06-16")
    both = await city.consumption.of(POINT, day, CHOICE)
    one = await city.consumption.of(POINT, day, RegisterChoice(DAY, channel="t2"))
    assert [(each.register.channel, each.value) for each in both] == [("t1", 5), ("t2", 7)]
    assert [(each.register.channel, each.value) for each in one] == [("t2", 7)]
    assert both[0].obstacles == (Reason.ELECTRICITY_OVER_LORAWAN,)


async def test_between_two_instants_there_is_one_value(city: Metering) -> None:
    await city.meter()
    await city.read({"2026-06-15 00:00": 1_000, "2026-06-16 12:00": 4_000})
    between = Between(ns("2026-06-15 06:00"), ns("2026-06-16 12:00"), BERLIN)
    (found,) = await city.consumption.of(POINT, between, CHOICE)
    assert (found.value, found.since_ns, found.until_ns) == (3_000, between.since_ns, between.until_ns)


async def test_a_day_may_begin_at_six(city: Metering) -> None:
    await city.meter()
    await city.read({"2026-03-28 06:00": 0, "2026-03-29 00:00": 500, "2026-03-29 06:00": 1_000})
    between = Between(ns("2026-03-28 06:00"), ns("2026-03-29 06:00"), BERLIN, Grain.DAY, 6 * 3_600)
    (found,) = await city.consumption.of(POINT, between, CHOICE)
    assert (found.value, found.until_ns - found.since_ns) == (1_000, 23 * HOUR)


async def test_an_interpolated_boundary_needs_the_reading_after_the_end(city: Metering) -> None:
    await city.meter()
    await city.read(
        {"2026-06-14 12:00": 0, "2026-06-15 12:00": 2_000, "2026-06-16 12:00": 6_000, "2026-06-17 12:00": 8_000}
    )
    choice = RegisterChoice(DAY, interpolate=True)
    found = await city.consumption.of(POINT, JUNE, choice)
    assert [(each.value, each.status) for each in found] == [(3_000, Status.SUBSTITUTE), (3_000, Status.SUBSTITUTE)]


async def test_a_reading_at_the_very_end_counts(city: Metering) -> None:
    await city.meter()
    await city.read({"2026-06-15 00:00": 0, "2026-06-17 00:00": 8_000})
    (found,) = await city.consumption.of(POINT, days("2026-06-15", "2026-06-17", None), CHOICE)
    assert found.value == 8_000


async def test_the_registrys_interval_tells_when_a_reading_is_overdue(city: Metering) -> None:
    await city.meter(interval_s=3_600)
    await city.read({"2026-06-15 00:00": 0, "2026-06-15 20:00": 8_000})
    (found,) = await city.consumption.of(POINT, days("2026-06-15", "2026-06-16"), CHOICE)
    assert (found.status, found.reasons) == (Status.PROVISIONAL, (Reason.READING_MISSING,))


async def test_the_reading_behind_the_end_tells_that_one_was_left_out_there(city: Metering) -> None:
    await city.meter(interval_s=3_600)
    await city.read({"2026-06-15 01:00": 100, "2026-06-15 02:00": 110, "2026-06-15 04:00": 130})
    between = Between(ns("2026-06-15 01:00"), ns("2026-06-15 03:00"), BERLIN)
    (found,) = await city.consumption.of(POINT, between, CHOICE)
    assert (found.value, found.reasons) == (10, (Reason.READING_MISSING,))
    (shown,) = await city.read_outs.of(POINT, ns("2026-06-15 03:00"), CHOICE)
    assert (shown.value, shown.reasons) == (110, (Reason.READING_MISSING,))


async def test_a_device_that_names_another_meter_keeps_the_value_out_of_the_bill(city: Metering) -> None:
    await city.meter(serials=("8SEN0123456",))
    await city.read({"2026-06-15 00:00": 0, "2026-06-16 00:00": 8_000, "2026-06-17 00:00": 9_000})
    await city.read({"2026-05-20 00:00": "8SEN0123456", "2026-06-16 12:00": "8SEN0777777"}, "meter.identity")
    found = await city.consumption.of(POINT, JUNE, CHOICE)
    assert {each.reasons for each in found} == {(Reason.METER_CONTRADICTED,)}
    assert not any(each.billable for each in found)
    await city.read({"2026-06-18 12:00": "8SEN0123456"}, "meter.identity")
    assert all(each.billable for each in await city.consumption.of(POINT, JUNE, CHOICE))


async def test_a_day_that_has_not_ended_is_told_so(city: Metering) -> None:
    await city.meter()
    await city.read({NOW - HOUR: 5, NOW - DAY: 1})
    between = Between(NOW - DAY, NOW + DAY, BERLIN, Grain.DAY)
    found = await city.consumption.of(POINT, between, CHOICE)
    assert [(each.value, each.reasons) for each in found] == [(4, ()), (None, (Reason.NOT_YET,))]


async def test_a_point_that_nobody_registered_is_not_found(city: Metering) -> None:
    with pytest.raises(NotFound):
        await city.consumption.of(PointId("nowhere"), JUNE, CHOICE)


@pytest.mark.parametrize("measurand", ["water.flow", "no.such"])
async def test_only_registers_have_a_consumption(city: Metering, measurand: str) -> None:
    await city.meter()
    with pytest.raises(InvalidValue) as refused:
        await city.consumption.of(POINT, JUNE, RegisterChoice(DAY, measurand))
    assert refused.value.attributes["field"] == "measurand"


async def test_an_answer_has_a_most(city: Metering) -> None:
    await city.meter()
    start = ns("2026-06-15 00:00")
    with pytest.raises(TooManyBuckets):
        await city.consumption.of(POINT, Between(start, start + (MOST_BUCKETS + 1) * HOUR, BERLIN, Grain.HOUR), CHOICE)


@pytest.mark.parametrize("name", ["Europe/Ulm", "", "../etc/passwd", "Europe", "\0", "x" * 5_000])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        time_zone(name)
    assert refused.value.attributes["field"] == "time_zone"


def test_a_zone_is_found_by_its_name() -> None:
    assert str(time_zone("Europe/Berlin")) == "Europe/Berlin"


async def test_a_year_of_quarter_hours_adds_up(city: Metering) -> None:
    await city.meter()
    since, until = ns("2026-03-01 00:00"), ns("2026-04-01 00:00")
    readings: dict[str | int, int | str] = {at: (at - since) // (NS * 9) for at in range(since, until + 1, 900 * NS)}
    await city.read(readings)
    hours = await city.consumption.of(POINT, Between(since, until, BERLIN, Grain.HOUR), CHOICE)
    (month,) = await city.consumption.of(POINT, Between(since, until, BERLIN, Grain.MONTH), CHOICE)
    assert len(hours) == 31 * 24 - 1
    assert {each.value for each in hours} == {400}
    assert sum(each.value or 0 for each in hours) == month.value == (31 * 24 - 1) * 400
