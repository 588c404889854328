"""What was used at a metering point: through exchanges, over days of 23 and 25 hours, to the last digit."""

from domain.meter import Grain, Medium, Ratio, Reason, RegisterDefinition, RegisterName, Status
from tests.unit.domain.meter.points import (
    DAY,
    DEVICE,
    ENERGY,
    HOUR,
    NEW,
    NS,
    OLD,
    OTHER,
    PULSES,
    START,
    VOLUME,
    a_definition,
    a_history,
    a_meter,
    by,
    hangs,
    ns,
    read,
    reads,
    used,
)

LITRE = 1_000
NOON = ns("2026-06-15 12:00")
DAYS = ("2026-06-15 00:00", "2026-06-16 00:00")


def hourly(since: str, count: int, per_hour: int = LITRE, start: int = 0) -> list[tuple[int, int]]:
    """Return a reading each full hour."""
    return [(ns(since) + hour * HOUR, start + hour * per_hour) for hour in range(count)]


class TestBuckets:
    def test_a_day_of_23_hours_and_one_of_25_have_what_was_used_in_them(self) -> None:
        for day, following, hours in (("2026-03-29", "2026-03-30", 23), ("2026-10-25", "2026-10-26", 25)):
            history = a_history({DEVICE: {VOLUME: read(*hourly(f"{day} 00:00", hours + 1))}})
            by_hour = used(history, *by(Grain.HOUR, f"{day} 00:00", f"{following} 00:00"))
            (whole,) = used(history, *by(Grain.DAY, f"{day} 00:00", f"{following} 00:00"))
            assert [each.value for each in by_hour] == [LITRE] * hours
            assert whole.value == hours * LITRE

    def test_the_register_of_a_boundary_is_the_last_reading_before_it(self) -> None:
        history = a_history({DEVICE: {VOLUME: read(("2026-06-14 23:40", 100), ("2026-06-15 23:50", 350))}})
        (found,) = used(history, *DAYS)
        assert (found.value, found.status, found.start.register, found.end.register) == (
            250,
            Status.MEASURED,
            100,
            350,
        )

    def test_without_a_reading_young_enough_a_bucket_is_incomplete(self) -> None:
        history = a_history({DEVICE: {VOLUME: read(("2026-06-14 23:40", 100), ("2026-06-15 01:00", 120))}})
        (found,) = used(history, *DAYS, max_age_ns=HOUR)
        assert (found.value, found.status, found.reasons) == (None, Status.INCOMPLETE, (Reason.READING_TOO_OLD,))
        assert found.obstacles == (Reason.NOT_FINAL,)

    def test_a_day_that_is_not_over_is_incomplete(self) -> None:
        history = a_history({DEVICE: {VOLUME: read(("2026-06-15 00:00", 100), ("2026-06-15 12:00", 120))}})
        (found,) = used(history, *DAYS, now_ns=NOON)
        assert (found.value, found.reasons) == (None, (Reason.NOT_YET,))

    def test_a_late_reading_completes_a_bucket_and_changes_no_other(self) -> None:
        readings = read(*hourly("2026-06-15 00:00", 25))
        boundaries = by(Grain.HOUR, *DAYS)
        full = used(a_history({DEVICE: {VOLUME: readings}}), *boundaries, max_age_ns=HOUR // 2)
        gap = used(a_history({DEVICE: {VOLUME: readings[:7] + readings[8:]}}), *boundaries, max_age_ns=HOUR // 2)
        assert {each.status for each in full} == {Status.MEASURED}
        assert [number for number, each in enumerate(gap) if each.status is Status.INCOMPLETE] == [6, 7]
        assert [each.value for each in gap if each.value is not None] == [LITRE] * 22

    def test_history_sent_again_changes_nothing(self) -> None:
        readings = read(*hourly("2026-06-15 00:00", 25))
        again = sorted([*readings, *readings[3:9]], key=lambda each: each.event_ns)
        boundaries = by(Grain.HOUR, *DAYS)
        values = [
            [each.value for each in used(a_history({DEVICE: {VOLUME: some}}), *boundaries)]
            for some in (readings, again)
        ]
        assert values[0] == values[1]

    def test_where_a_reading_is_overdue_the_value_is_provisional_until_it_comes(self) -> None:
        history = a_history(
            {DEVICE: {VOLUME: read(("2026-06-15 00:00", 0), ("2026-06-15 22:00", 220))}},
            devices=[reads(interval_s=3_600)],
        )
        (found,) = used(history, *DAYS)
        assert (found.value, found.status, found.reasons) == (220, Status.PROVISIONAL, (Reason.READING_MISSING,))

    def test_a_reading_that_is_late_by_its_jitter_is_not_overdue(self) -> None:
        statuses = []
        for last in ("2026-06-15 23:00", "2026-06-15 22:56", "2026-06-15 22:50"):
            readings = {DEVICE: {VOLUME: read(("2026-06-15 00:00", 0), (last, 220))}}
            (found,) = used(a_history(readings, devices=[reads(interval_s=3_600)]), *DAYS)
            statuses.append(found.status)
        assert statuses == [Status.MEASURED, Status.MEASURED, Status.PROVISIONAL]

    def test_what_a_device_flags_is_provisional(self) -> None:
        readings = [*read(("2026-06-15 00:00", 0)), *read(("2026-06-16 00:00", 5), quality="device_flagged")]
        (found,) = used(a_history({DEVICE: {VOLUME: readings}}), *DAYS)
        assert (found.value, found.status, found.reasons) == (5, Status.PROVISIONAL, (Reason.DEVICE_FLAGGED,))

    def test_what_was_entered_by_hand_is_a_substitute(self) -> None:
        readings = [*read(("2026-06-15 00:00", 0)), *read(("2026-06-16 00:00", 5), quality="substituted")]
        (found,) = used(a_history({DEVICE: {VOLUME: readings}}), *DAYS)
        assert (found.value, found.status, found.method) == (5, Status.SUBSTITUTE, "entered")


class TestInterpolation:
    def test_it_is_on_the_straight_line_and_a_substitute(self) -> None:
        readings = read(("2026-06-14 18:00", 0), ("2026-06-15 06:00", 1_200), ("2026-06-16 06:00", 3_600))
        (found,) = used(a_history({DEVICE: {VOLUME: readings}}), *DAYS, interpolate=True)
        assert (found.start.register, found.end.register, found.value) == (600, 3_000, 2_400)
        assert (found.status, found.method, found.billable) == (Status.SUBSTITUTE, "linear_interpolation", True)

    def test_it_is_rounded_once_to_the_registers_resolution(self) -> None:
        definition = a_definition(source="water.volume", resolution=LITRE)
        readings = read(("2026-06-15 00:00", 0), ("2026-06-16 00:00", 100 * LITRE))
        history = a_history({DEVICE: {("water.volume", "pulse1"): readings}}, definitions=[definition])
        found = used(history, *by(Grain.HOUR, *DAYS), interpolate=True)
        assert {each.value for each in found} == {4 * LITRE, 5 * LITRE}
        assert sum(each.value or 0 for each in found) == 100 * LITRE

    def test_a_reading_at_the_boundary_stays_measured(self) -> None:
        history = a_history({DEVICE: {VOLUME: read(("2026-06-15 00:00", 0), ("2026-06-16 00:00", 5))}})
        (found,) = used(history, *DAYS, interpolate=True)
        assert found.status is Status.MEASURED

    def test_without_a_reading_after_it_there_is_only_what_is_known(self) -> None:
        history = a_history({DEVICE: {VOLUME: read(("2026-06-15 00:00", 0), ("2026-06-15 22:00", 5))}})
        (found,) = used(history, *DAYS, interpolate=True)
        assert (found.value, found.status, found.reasons) == (5, Status.PROVISIONAL, (Reason.NO_READING_AFTER,))


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
        definitions = [a_definition(), a_definition(NOON, index=5_000, index_raw=812)]
        counts = read(("2026-06-15 00:00", 345), ("2026-06-15 11:00", 800), ("2026-06-15 13:00", 830))
        history = a_history(
            {DEVICE: {PULSES: counts}},
            hung=[hangs(OLD, START, NOON, showed_last={"water.volume/": 812_000}), hangs(NEW, NOON)],
            devices=[reads(OLD, until_ns=NOON), reads(NEW, since_ns=NOON)],
            definitions=definitions,
        )
        (found,) = used(history, *DAYS)
        assert (found.value, found.status) == ((812 - 345 + 830 - 812) * LITRE, Status.MEASURED)

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
            definitions=[a_definition(), other],
        )
        (found,) = used(history, *DAYS)
        assert (found.value, found.status) == ((912 + 195 - 500) * LITRE, Status.MEASURED)

    def test_of_both_goes_on_from_both_registers(self) -> None:
        other = RegisterDefinition(OTHER, "pulse1", NOON, 0, "water.volume", index=5_000, index_raw=3)
        history = a_history(
            {
                DEVICE: {PULSES: read(("2026-06-15 00:00", 500), ("2026-06-15 11:00", 900))},
                OTHER: {PULSES: read(("2026-06-15 13:00", 20), ("2026-06-16 00:00", 195))},
            },
            hung=[hangs(OLD, START, NOON, showed_last={"water.volume/": 905_000}), hangs(NEW, NOON)],
            devices=[reads(until_ns=NOON), reads(NEW, OTHER, NOON)],
            definitions=[a_definition(), other],
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


class TestDefinition:
    def test_a_factor_of_a_third_never_loses_a_digit(self) -> None:
        definition = a_definition(factor=Ratio(1, 3))
        counts = [(ns(DAYS[0]) + hour * HOUR, hour * 100) for hour in range(25)]
        history = a_history({DEVICE: {PULSES: read(*counts)}}, definitions=[definition])
        by_hour = used(history, *by(Grain.HOUR, *DAYS))
        (whole,) = used(history, *DAYS)
        assert {each.value for each in by_hour} == {33_333, 33_334}
        assert sum(each.value or 0 for each in by_hour) == whole.value == 800_000

    def test_that_is_corrected_later_corrects_every_volume(self) -> None:
        counts = {DEVICE: {PULSES: read(("2026-06-15 00:00", 100), ("2026-06-16 00:00", 150))}}
        wrong, right = a_definition(factor=Ratio(1)), a_definition(factor=Ratio(10))
        assert used(a_history(counts, definitions=[wrong]), *DAYS)[0].value == 50 * LITRE
        assert used(a_history(counts, definitions=[right]), *DAYS)[0].value == 500 * LITRE

    def test_an_index_that_is_corrected_moves_the_registers_and_no_consumption(self) -> None:
        counts = {DEVICE: {PULSES: read(("2026-06-15 00:00", 100), ("2026-06-16 00:00", 150))}}
        found = [
            used(a_history(counts, definitions=[a_definition(index=index)]), *DAYS)[0]
            for index in (12_000_000, 12_345_000)
        ]
        assert [each.value for each in found] == [50_000, 50_000]
        assert [each.end.register for each in found] == [12_150_000, 12_495_000]

    def test_pulses_without_one_are_worth_nothing(self) -> None:
        history = a_history({DEVICE: {PULSES: read(("2026-06-15 00:00", 100), ("2026-06-16 00:00", 150))}})
        (found,) = used(history, *DAYS)
        assert (found.value, found.reasons) == (None, (Reason.NO_READING,))

    def test_goes_before_what_the_device_makes_of_its_pulses(self) -> None:
        both = {
            PULSES: read(("2026-06-15 00:00", 100), ("2026-06-16 00:00", 150)),
            ("water.volume", "pulse1"): read(("2026-06-15 00:00", 7), ("2026-06-16 00:00", 8)),
        }
        assert used(a_history({DEVICE: both}), *DAYS)[0].value == 1
        assert used(a_history({DEVICE: both}, definitions=[a_definition()]), *DAYS)[0].value == 50 * LITRE

    def test_transformers_multiply_what_the_device_has_not(self) -> None:
        ratios = {"current_ratio": Ratio(250, 5), "voltage_ratio": Ratio(20_000, 100)}
        values = []
        for applied in (True, False):
            definition = RegisterDefinition(
                DEVICE,
                "t1",
                START,
                0,
                ENERGY.measurand,
                ENERGY.measurand,
                ratio_applied=applied,
                **ratios,  # type: ignore[arg-type]
            )
            readings = {(ENERGY.measurand, "t1"): read(("2026-06-15 00:00", 10_000), ("2026-06-16 00:00", 20_000))}
            history = a_history({DEVICE: readings}, definitions=[definition], medium=Medium.ELECTRICITY)
            register = RegisterName(ENERGY.measurand, "t1")
            values.append(used(history, *DAYS, register=register)[0].value)
        assert values == [10_000, 10_000 * 50 * 200]

    def test_two_inputs_of_a_device_are_two_meters(self) -> None:
        counts = {
            PULSES: read(("2026-06-15 00:00", 0), ("2026-06-16 00:00", 50)),
            ("meter.pulse_count", "pulse2"): read(("2026-06-15 00:00", 0), ("2026-06-16 00:00", 9)),
        }
        second = RegisterDefinition(DEVICE, "pulse2", START, 0, "water.volume")
        history = a_history(
            {DEVICE: counts}, devices=[reads(device_input="pulse2")], definitions=[a_definition(), second]
        )
        assert used(history, *DAYS)[0].value == 9 * LITRE

    def test_two_inputs_that_no_assignment_tells_apart_are_two_registers(self) -> None:
        volumes = {
            ("water.volume", "pulse1"): read(("2026-06-15 00:00", 0), ("2026-06-16 00:00", 50)),
            ("water.volume", "pulse2"): read(("2026-06-15 00:00", 700), ("2026-06-16 00:00", 709)),
        }
        history = a_history({DEVICE: volumes})
        assert {name.channel: used(history, *DAYS, register=name)[0].value for name in history.courses} == {
            "pulse1": 50,
            "pulse2": 9,
        }
        one = a_history({DEVICE: volumes}, devices=[reads(device_input="pulse2")])
        assert {name.channel: used(one, *DAYS, register=name)[0].value for name in one.courses} == {"": 9}

    def test_heat_is_counted_in_joules(self) -> None:
        heat = RegisterName("heat.energy")
        definition = RegisterDefinition(DEVICE, "pulse1", START, 0, "heat.energy", factor=Ratio(3_600_000))
        history = a_history(
            {DEVICE: {PULSES: read(("2026-06-15 00:00", 0), ("2026-06-16 00:00", 3))}},
            definitions=[definition],
            medium=Medium.HEAT,
        )
        (found,) = used(history, *DAYS, register=heat)
        assert (found.value, found.exponent) == (10_800_000, 0)


class TestBilling:
    def test_electricity_over_plain_lorawan_is_not_billed(self) -> None:
        readings = {DEVICE: {(ENERGY.measurand, ""): read(("2026-06-15 00:00", 0), ("2026-06-16 00:00", 3))}}
        obstacles = [
            used(
                a_history(readings, devices=[reads(transport=transport)], medium=Medium.ELECTRICITY),
                *DAYS,
                register=ENERGY,
            )[0].obstacles
            for transport in ("lorawan", "smart_meter_gateway")
        ]
        assert obstacles == [(Reason.ELECTRICITY_OVER_LORAWAN,), ()]

    def test_only_a_calibrated_meter_is_billed(self) -> None:
        readings = {DEVICE: {VOLUME: read(("2026-06-15 00:00", 0), ("2026-06-16 00:00", 3))}}
        ends = (ns("2026-06-16 00:00"), ns("2026-06-16 00:00") - NS, 0)
        obstacles = [
            used(a_history(readings, meters=[a_meter(calibrated_until_ns=end)]), *DAYS)[0].obstacles for end in ends
        ]
        assert obstacles == [(), (Reason.CALIBRATION_EXPIRED,), (Reason.CALIBRATION_UNKNOWN,)]

    def test_a_meter_is_calibrated_for_as_long_as_it_hung(self) -> None:
        hung = [
            hangs(OLD, START, NOON, showed_last={"water.volume/": 10}),
            hangs(NEW, NOON, showed={"water.volume/": 0}),
        ]
        readings = {
            DEVICE: {VOLUME: read(("2026-06-15 00:00", 0))},
            OTHER: {VOLUME: read(("2026-06-16 00:00", 5), ("2026-06-17 00:00", 6))},
        }
        devices = [reads(OLD), reads(NEW, OTHER)]
        for end_ns, obstacles in ((NOON, ()), (NOON - 1, (Reason.CALIBRATION_EXPIRED,))):
            meters = [a_meter(OLD, calibrated_until_ns=end_ns), a_meter(NEW)]
            history = a_history(readings, hung=hung, devices=devices, meters=meters)
            (found,) = used(history, *DAYS)
            assert (found.value, found.obstacles) == (15, obstacles)
        history = a_history(readings, hung=hung, devices=devices, meters=[a_meter(OLD)])
        before, after = used(history, DAYS[0], NOON, DAYS[1])
        assert (before.obstacles, after.obstacles) == ((), (Reason.CALIBRATION_UNKNOWN,))

    def test_a_year_is_measured_from_its_two_ends(self) -> None:
        readings = {DEVICE: {VOLUME: read(("2025-12-31 23:59", 10), ("2026-12-31 23:59", 95_010))}}
        history = a_history(readings, hung=[hangs(since_ns=0)], devices=[reads(since_ns=0)])
        (found,) = used(history, *by(Grain.YEAR, "2026-01-01 00:00", "2027-01-01 00:00"), now_ns=START + 400 * DAY)
        assert (found.value, found.status, found.billable) == (95_000, Status.MEASURED, True)
