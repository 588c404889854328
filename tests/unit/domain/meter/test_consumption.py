"""What was used at a metering point: through exchanges, over days of 23 and 25 hours, to the last digit."""

from domain.meter import Grain, Medium, Reason, Status
from tests.unit.domain.meter.points import (
    DAY,
    DEVICE,
    ENERGY,
    HOUR,
    LITRE,
    NEW,
    NS,
    OLD,
    OTHER,
    START,
    VOLUME,
    a_definition,
    a_history,
    a_meter,
    by,
    hangs,
    hourly,
    ns,
    read,
    reads,
    used,
)

NOON = ns("2026-06-15 12:00")
DAYS = ("2026-06-15 00:00", "2026-06-16 00:00")


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

    def test_a_reading_that_was_left_out_at_a_boundary_makes_both_sides_provisional(self) -> None:
        kept = [each for each in hourly("2026-06-15 00:00", 6) if each[0] != ns("2026-06-15 03:00")]
        history = a_history({DEVICE: {VOLUME: read(*kept)}}, devices=[reads(interval_s=3_600)])
        found = used(history, *[f"2026-06-15 0{hour}:00" for hour in range(6)])
        assert [each.value for each in found] == [LITRE, LITRE, 0, 2 * LITRE, LITRE]
        assert [each.status is Status.MEASURED for each in found] == [True, True, False, False, True]
        assert found[2].reasons == found[3].reasons == (Reason.READING_MISSING,)

    def test_a_reading_that_is_a_little_late_is_not_missing(self) -> None:
        late = read(("2026-06-15 01:59:50", 0), ("2026-06-15 03:02:00", 10), ("2026-06-15 04:00:00", 20))
        history = a_history({DEVICE: {VOLUME: late}}, devices=[reads(interval_s=3_600)])
        found = used(history, "2026-06-15 02:00", "2026-06-15 03:00", "2026-06-15 04:00")
        assert [(each.value, each.status) for each in found] == [(0, Status.MEASURED), (20, Status.MEASURED)]

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
