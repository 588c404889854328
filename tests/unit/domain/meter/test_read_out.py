"""At a key date each point has its valid register, or the reason why it has none."""

from domain.meter import Policy, Ratio, ReadOut, Reason, RegisterName, Status, read_out
from domain.meter.history import History
from tests.unit.domain.meter.points import (
    DAY,
    DEVICE,
    ENERGY,
    HOUR,
    NEW,
    NOW,
    OLD,
    OTHER,
    PULSES,
    START,
    VOLUME,
    WATER,
    a_definition,
    a_history,
    a_meter,
    hangs,
    ns,
    read,
    reads,
)

KEY_DATE = ns("2026-10-01 00:00")


def at_key_date(
    history: History, register: RegisterName = WATER, *, max_age_ns: int = DAY, interpolate: bool = False
) -> ReadOut:
    """Return the read-out of the first of October."""
    return read_out(history, register, KEY_DATE, Policy(max_age_ns, NOW, interpolate))


def test_it_is_what_the_meter_showed_last() -> None:
    history = a_history(
        {DEVICE: {VOLUME: read(("2026-09-30 23:10", 812_345_000), ("2026-10-01 00:10", 812_400_000))}},
        meters=[a_meter(OLD, "8SEN0123456")],
    )
    found = at_key_date(history)
    assert (found.value, found.exponent, found.status, found.billable) == (812_345_000, -3, Status.MEASURED, True)
    assert (found.reading_ns, found.serial, found.meter, found.dev_eui) == (
        ns("2026-09-30 23:10"),
        "8SEN0123456",
        OLD,
        DEVICE,
    )
    assert found.obis == "8-0:1.0.0"


def test_of_pulses_it_is_the_index_that_was_entered_and_what_was_counted_since() -> None:
    definition = a_definition(index=1_234_000, index_raw=17, factor=Ratio(10), obis="8-0:1.0.0*255")
    history = a_history({DEVICE: {PULSES: read(("2026-09-30 23:00", 40))}}, definitions=[definition])
    found = at_key_date(history)
    assert (found.value, found.obis) == (1_234_000 + 23 * 10_000, "8-0:1.0.0*255")


def test_of_a_counter_that_has_gone_round_it_is_right_too() -> None:
    definition = a_definition(index=0, modulus=65_536)
    counts = read(("2026-03-01 00:00", 15_000), ("2026-05-01 00:00", 30_000), ("2026-07-01 00:00", 45_000))
    counts += read(("2026-08-01 00:00", 60_000), ("2026-09-30 23:00", 500))
    history = a_history({DEVICE: {PULSES: counts}}, definitions=[definition])
    assert at_key_date(history).value == (65_536 + 500) * 1_000


def test_of_a_display_that_has_gone_round_it_is_what_the_display_shows() -> None:
    definition = a_definition(source="water.volume", modulus=100_000_000)
    volumes = read(("2026-09-29 23:00", 99_999_900), ("2026-09-30 23:00", 400))
    history = a_history({DEVICE: {("water.volume", "pulse1"): volumes}}, definitions=[definition])
    assert at_key_date(history).value == 400


def test_of_the_meter_that_came_at_noon_it_is_the_new_ones() -> None:
    noon = ns("2026-09-30 12:00")
    history = a_history(
        {DEVICE: {VOLUME: read(("2026-09-30 11:00", 999_000))}, OTHER: {VOLUME: read(("2026-09-30 23:00", 17_000))}},
        hung=[hangs(OLD, START, noon), hangs(NEW, noon)],
        devices=[reads(OLD), reads(NEW, OTHER)],
    )
    found = at_key_date(history)
    assert (found.value, found.meter, found.dev_eui) == (17_000, NEW, OTHER)


def test_interpolated_it_is_a_substitute() -> None:
    history = a_history({DEVICE: {VOLUME: read(("2026-09-30 18:00", 1_000), ("2026-10-01 06:00", 2_000))}})
    found = at_key_date(history, interpolate=True)
    assert (found.value, found.status, found.method) == (1_500, Status.SUBSTITUTE, "linear_interpolation")


def why(history: History, register: RegisterName = WATER, *, max_age_ns: int = DAY) -> tuple[Reason, ...]:
    """Return why there is no register."""
    found = at_key_date(history, register, max_age_ns=max_age_ns)
    assert (found.value, found.status, found.billable) == (None, Status.INCOMPLETE, False)
    return found.reasons


def test_without_one_it_says_why() -> None:
    old = {DEVICE: {VOLUME: read(("2026-09-30 20:00", 5))}}
    assert why(a_history(old), max_age_ns=HOUR) == (Reason.READING_TOO_OLD,)
    assert why(a_history(old), ENERGY) == (Reason.NO_READING,)
    assert why(a_history(old, hung=[])) == (Reason.NO_METER,)
    assert why(a_history(old, hung=[hangs(until_ns=KEY_DATE - HOUR)])) == (Reason.NO_METER,)
    assert why(a_history({}, devices=[])) == (Reason.NO_DEVICE,)
    exchanged = [hangs(until_ns=KEY_DATE - HOUR), hangs(NEW, KEY_DATE - HOUR)]
    assert why(a_history(old, hung=exchanged, devices=[reads(), reads(NEW, OTHER)])) == (Reason.NO_READING,)


def test_a_reading_that_is_too_old_is_told_with_its_time() -> None:
    history = a_history({DEVICE: {VOLUME: read(("2026-09-20 20:00", 5))}})
    assert at_key_date(history).reading_ns == ns("2026-09-20 20:00")
    assert at_key_date(a_history({})).reading_ns == 0


def test_after_a_device_lost_its_count_nobody_knows_what_the_meter_shows_until_somebody_looks() -> None:
    counts = {DEVICE: {PULSES: read(("2026-09-29 00:00", 812), ("2026-09-30 00:00", 3), ("2026-09-30 23:00", 9))}}
    lost = a_history(counts, definitions=[a_definition(index=0)])
    assert why(lost) == (Reason.REGISTER_LOST,)
    seen = a_definition(ns("2026-09-30 12:00"), index=820_000, index_raw=5)
    assert at_key_date(a_history(counts, definitions=[a_definition(index=0), seen])).value == 824_000


def test_of_pulses_without_an_index_nobody_knows_what_the_meter_shows() -> None:
    history = a_history({DEVICE: {PULSES: read(("2026-09-30 23:00", 40))}}, definitions=[a_definition()])
    assert why(history) == (Reason.NO_INDEX,)


def test_a_future_key_date_has_no_register_yet() -> None:
    history = a_history({DEVICE: {VOLUME: read(("2026-09-30 23:00", 5))}})
    found = read_out(history, WATER, KEY_DATE, Policy(DAY, KEY_DATE - 1))
    assert found.reasons == (Reason.NOT_YET,)
