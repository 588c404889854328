"""A point's consumption goes on when its meter, its radio module or both are exchanged."""

from domain.meter import Policy, Reason, RegisterDefinition, Status, read_out
from tests.unit.domain.meter.points import (
    DAY,
    DEVICE,
    HOUR,
    LITRE,
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
    hangs,
    hourly,
    ns,
    read,
    reads,
    used,
)

NOON = ns("2026-06-15 12:00")
DAYS = ("2026-06-15 00:00", "2026-06-16 00:00")


class TestExchange:
    """The old meter is taken out at noon of 15 June with 1 234.567 m³, the new one comes with 0.005 m³."""

    def test_of_the_meter_the_course_goes_on_from_the_new_ones_register(self) -> None:
        history = a_history(
            {
                DEVICE: {VOLUME: read(("2026-06-15 00:00", 1_234_100_000), ("2026-06-15 11:00", 1_234_500_000))},
                OTHER: {VOLUME: read(("2026-06-15 13:00", 55_000), ("2026-06-16 00:00", 305_000))},
            },
            hung=[
                hangs(OLD, START, NOON, showed_last={"water.volume/": 1_234_567_000}),
                hangs(NEW, NOON, showed={"water.volume/": 5_000}),
            ],
            devices=[reads(OLD), reads(NEW, OTHER)],
        )
        (found,) = used(history, *DAYS)
        assert (found.value, found.status, found.billable) == (467_000 + 300_000, Status.MEASURED, True)
        morning, afternoon = used(history, DAYS[0], NOON, DAYS[1])
        assert (morning.value, afternoon.value) == (467_000, 300_000)

    def test_of_the_meter_with_its_pulse_input_kept_goes_on_too(self) -> None:
        definitions = [a_definition(index=0), a_definition(NOON, index=5_000, index_raw=812)]
        counts = read(("2026-06-15 00:00", 345), ("2026-06-15 11:00", 800), ("2026-06-15 13:00", 830))
        history = a_history(
            {DEVICE: {PULSES: counts}},
            hung=[hangs(OLD, START, NOON, showed_last={"water.volume/": 812_000}), hangs(NEW, NOON)],
            devices=[reads(OLD, until_ns=NOON), reads(NEW, since_ns=NOON)],
            definitions=definitions,
        )
        (found,) = used(history, *DAYS)
        assert (found.value, found.status) == ((812 - 345 + 830 - 812) * LITRE, Status.MEASURED)

    def test_of_the_meter_behind_a_pulse_input_leaves_the_old_ones_index_to_the_old_one(self) -> None:
        counts = read(("2026-06-15 00:00", 345), ("2026-06-15 11:00", 800), ("2026-06-15 13:00", 830))
        history = a_history(
            {DEVICE: {PULSES: counts}},
            hung=[
                hangs(OLD, START, NOON, showed_last={"water.volume/": 1_000_812_000}),
                hangs(NEW, NOON, showed={"water.volume/": 5_000}),
            ],
            devices=[reads(OLD, until_ns=NOON), reads(NEW, since_ns=NOON)],
            definitions=[a_definition(index=1_000_000_000)],
        )
        (found,) = used(history, *DAYS)
        assert (found.value, found.status, found.reasons) == (467_000, Status.PROVISIONAL, (Reason.NO_INDEX,))
        assert not found.billable
        shown = read_out(history, WATER, ns("2026-06-15 14:00"), Policy(DAY, NOW))
        assert (shown.value, shown.reasons) == (None, (Reason.NO_INDEX,))

    def test_is_no_gap_for_interpolation_either(self) -> None:
        history = a_history(
            {
                DEVICE: {VOLUME: read(("2026-06-15 10:30", 1_000))},
                OTHER: {VOLUME: read(("2026-06-15 13:30", 380))},
            },
            hung=[
                hangs(OLD, START, NOON, showed_last={"water.volume": 1_900}),
                hangs(NEW, NOON, showed={"water.volume": 20}),
            ],
            devices=[reads(OLD), reads(NEW, OTHER)],
        )
        found = used(
            history, "2026-06-15 11:00", "2026-06-15 12:00", "2026-06-15 13:00", "2026-06-15 13:30", interpolate=True
        )
        assert [each.value for each in found] == [600, 240, 120]
        assert [each.end.register for each in found] == [20, 260, 380]

    def test_of_a_meter_nobody_read_then_is_not_billed_and_says_so(self) -> None:
        history = a_history(
            {
                DEVICE: {VOLUME: read(("2026-06-15 00:00", 500), ("2026-06-15 11:00", 900))},
                OTHER: {VOLUME: read(("2026-06-15 13:00", 7), ("2026-06-16 00:00", 107))},
            },
            hung=[hangs(OLD, START, NOON), hangs(NEW, NOON)],
            devices=[reads(OLD), reads(NEW, OTHER)],
        )
        (found,) = used(history, *DAYS)
        assert (found.value, found.status, found.reasons) == (500, Status.PROVISIONAL, (Reason.EXCHANGE_UNREAD,))
        assert not found.billable

    def test_of_the_radio_module_loses_nothing_because_the_meter_counts_on(self) -> None:
        history = a_history(
            {
                DEVICE: {VOLUME: read(("2026-06-15 00:00", 500), ("2026-06-15 11:00", 900))},
                OTHER: {VOLUME: read(("2026-06-15 13:00", 1_000), ("2026-06-16 00:00", 1_107))},
            },
            devices=[reads(until_ns=NOON), reads(OLD, OTHER, NOON)],
        )
        (found,) = used(history, *DAYS)
        assert (found.value, found.status, found.billable) == (607, Status.MEASURED, True)

    def test_of_the_radio_module_on_a_pulse_output_goes_on_from_the_meters_index(self) -> None:
        other = RegisterDefinition(OTHER, "pulse1", NOON, 0, "water.volume", index=912_000, index_raw=0)
        history = a_history(
            {
                DEVICE: {PULSES: read(("2026-06-15 00:00", 500), ("2026-06-15 11:00", 900))},
                OTHER: {PULSES: read(("2026-06-15 13:00", 20), ("2026-06-16 00:00", 195))},
            },
            devices=[reads(until_ns=NOON), reads(OLD, OTHER, NOON)],
            definitions=[a_definition(index=0), other],
        )
        (found,) = used(history, *DAYS)
        assert (found.value, found.status) == ((912 + 195 - 500) * LITRE, Status.MEASURED)

    def test_of_a_pulse_counter_whose_index_nobody_entered_is_not_billed(self) -> None:
        other = RegisterDefinition(OTHER, "pulse1", NOON, 0, "water.volume")
        history = a_history(
            {
                DEVICE: {PULSES: read(("2026-06-15 00:00", 500), ("2026-06-15 11:00", 900))},
                OTHER: {PULSES: read(("2026-06-15 13:00", 20), ("2026-06-16 00:00", 195))},
            },
            devices=[reads(until_ns=NOON), reads(OLD, OTHER, NOON)],
            definitions=[a_definition(index=0), other],
        )
        (found,) = used(history, *DAYS)
        assert (found.value, found.reasons, found.billable) == ((400 + 175) * LITRE, (Reason.NO_INDEX,), False)

    def test_of_both_goes_on_from_both_registers(self) -> None:
        other = RegisterDefinition(OTHER, "pulse1", NOON, 0, "water.volume", index=5_000, index_raw=3)
        history = a_history(
            {
                DEVICE: {PULSES: read(("2026-06-15 00:00", 500), ("2026-06-15 11:00", 900))},
                OTHER: {PULSES: read(("2026-06-15 13:00", 20), ("2026-06-16 00:00", 195))},
            },
            hung=[hangs(OLD, START, NOON, showed_last={"water.volume/": 905_000}), hangs(NEW, NOON)],
            devices=[reads(until_ns=NOON), reads(NEW, OTHER, NOON)],
            definitions=[a_definition(index=0), other],
        )
        (found,) = used(history, *DAYS)
        assert found.value == (905 - 500 + 195 - 3) * LITRE

    def test_that_left_the_point_without_a_meter_for_an_hour_is_not_billed(self) -> None:
        one = NOON + HOUR
        history = a_history(
            {
                DEVICE: {VOLUME: read(("2026-06-15 00:00", 500))},
                OTHER: {VOLUME: read(("2026-06-15 14:00", 7), ("2026-06-16 00:00", 107))},
            },
            hung=[
                hangs(OLD, START, NOON, showed_last={"water.volume": 600}),
                hangs(NEW, one, showed={"water.volume": 7}),
            ],
            devices=[reads(OLD), reads(NEW, OTHER)],
        )
        (found,) = used(history, *DAYS)
        assert (found.value, found.status, found.reasons) == (200, Status.PROVISIONAL, (Reason.NO_METER,))
        morning, _, afternoon = used(history, DAYS[0], NOON, one, DAYS[1])
        assert [(each.value, each.billable) for each in (morning, afternoon)] == [(100, True), (100, True)]

    def test_what_is_read_outside_an_assignment_never_counts(self) -> None:
        history = a_history(
            {DEVICE: {VOLUME: read(*hourly("2026-06-15 00:00", 25))}},
            hung=[hangs(OLD, ns("2026-06-15 06:00"), NOON)],
        )
        before, within, after = used(history, DAYS[0], "2026-06-15 06:00", "2026-06-15 11:00", DAYS[1])
        assert (before.value, before.reasons) == (None, (Reason.NO_METER,))
        assert within.value == 5 * LITRE
        assert (after.value, after.reasons) == (None, (Reason.NO_METER,))

    def test_a_meter_without_a_device_says_so(self) -> None:
        (found,) = used(a_history({}, devices=[]), *DAYS)
        assert found.reasons == (Reason.NO_DEVICE,)
