"""A counter that goes over its end, jumps back, stumbles or runs too fast."""

import pytest

from domain.meter import Ratio, Reason, RegisterDefinition, Status
from tests.unit.domain.meter.points import (
    DAY,
    DEVICE,
    HOUR,
    LITRE,
    PULSES,
    START,
    VOLUME,
    a_definition,
    a_history,
    ns,
    read,
    used,
)

FIVE_DIGITS = 100_000 * 1_000 * LITRE
"""A display of 99 999.999 m³."""


def shown(*pairs: tuple[str, float], modulus: int = FIVE_DIGITS, **changed: object) -> list[int | None]:
    """Return the daily consumption (L) of a meter that shows m³ at midnight of some days."""
    definition = RegisterDefinition(
        DEVICE,
        "",
        START,
        0,
        "water.volume",
        "water.volume",
        modulus=modulus,
        **changed,  # type: ignore[arg-type]
    )
    readings = read(*((f"{day} 00:00", round(cubic * 1_000) * LITRE) for day, cubic in pairs))
    history = a_history({DEVICE: {VOLUME: readings}}, definitions=[definition])
    found = used(history, *(f"{day} 00:00" for day, _ in pairs))
    return [None if each.value is None else each.value // LITRE for each in found]


class TestRollOver:
    def test_a_register_goes_from_99999_999_to_0_and_on(self) -> None:
        assert shown(("2026-05-01", 99_999.120), ("2026-05-02", 99_999.999), ("2026-05-03", 0.400)) == [879, 401]

    def test_it_is_measured_and_billable(self) -> None:
        definition = a_definition(source="water.volume", modulus=FIVE_DIGITS)
        readings = read(("2026-05-01 00:00", FIVE_DIGITS - LITRE), ("2026-05-02 00:00", 400 * LITRE))
        history = a_history({DEVICE: {("water.volume", "pulse1"): readings}}, definitions=[definition])
        (found,) = used(history, "2026-05-01 00:00", "2026-05-02 00:00")
        assert (found.value, found.status, found.billable) == (401 * LITRE, Status.MEASURED, True)

    def test_a_16_bit_counter_of_ten_litres_goes_round_again_and_again(self) -> None:
        definition = a_definition(factor=Ratio(10), modulus=2**16)
        days = [f"2026-05-{day:02d} 00:00" for day in range(1, 31)]
        counts = [(day, number * 10_000 % 2**16) for number, day in enumerate(days)]
        history = a_history({DEVICE: {PULSES: read(*counts)}}, definitions=[definition])
        assert {each.value for each in used(history, *days)} == {100_000 * LITRE}

    def test_a_counter_that_counts_down_goes_from_0_to_its_end(self) -> None:
        definition = a_definition(direction="down", modulus=10_000)
        counts = read(("2026-05-01 00:00", 3), ("2026-05-02 00:00", 9_998))
        history = a_history({DEVICE: {PULSES: counts}}, definitions=[definition])
        assert used(history, "2026-05-01 00:00", "2026-05-02 00:00")[0].value == 5 * LITRE


class TestBackwardJump:
    def test_a_device_that_lost_its_count_bills_nothing_and_says_so(self) -> None:
        counts = read(("2026-05-01 00:00", 812), ("2026-05-02 00:00", 3), ("2026-05-03 00:00", 10))
        history = a_history({DEVICE: {PULSES: counts}}, definitions=[a_definition(modulus=2**32)])
        first, second = used(history, "2026-05-01 00:00", "2026-05-02 00:00", "2026-05-03 00:00")
        assert (first.value, first.status, first.reasons) == (0, Status.PROVISIONAL, (Reason.BACKWARD_JUMP,))
        assert first.obstacles == (Reason.NOT_FINAL,)
        assert (second.value, second.status, second.billable) == (7 * LITRE, Status.MEASURED, True)

    def test_a_fall_is_a_jump_where_no_modulus_is_known(self) -> None:
        assert shown(("2026-05-01", 99_999.999), ("2026-05-02", 0.4), ("2026-05-03", 0.5), modulus=0) == [0, 100]

    def test_the_bucket_without_the_jump_bills(self) -> None:
        counts = read(("2026-05-01 00:00", 812), ("2026-05-01 12:00", 3), ("2026-05-02 00:00", 10))
        history = a_history({DEVICE: {PULSES: counts}}, definitions=[a_definition()])
        found = used(history, "2026-05-01 00:00", "2026-05-01 12:00", "2026-05-02 00:00")
        assert [(each.value, each.billable) for each in found] == [(0, False), (7 * LITRE, True)]

    def test_nothing_is_interpolated_across_it(self) -> None:
        counts = read(("2026-05-01 00:00", 812), ("2026-05-01 12:00", 3))
        history = a_history({DEVICE: {PULSES: counts}}, definitions=[a_definition()])
        (found,) = used(history, "2026-05-01 00:00", "2026-05-01 06:00", interpolate=True)
        assert (found.value, found.status, found.reasons) == (0, Status.PROVISIONAL, (Reason.BACKWARD_JUMP,))

    def test_what_was_lost_comes_back_when_somebody_enters_what_the_meter_shows(self) -> None:
        counts = read(("2026-05-01 00:00", 812), ("2026-05-02 00:00", 3), ("2026-05-04 00:00", 40))
        seen = a_definition(ns("2026-05-03 00:00"), index=850 * LITRE, index_raw=10)
        history = a_history({DEVICE: {PULSES: counts}}, definitions=[a_definition(index=0), seen])
        found = used(history, *(f"2026-05-0{day} 00:00" for day in (1, 2, 3, 4)))
        assert [each.value for each in found] == [0, 38 * LITRE, 30 * LITRE]


class TestStumbling:
    def test_an_old_count_after_a_roll_over_is_no_turn_of_the_counter(self) -> None:
        start = ns("2026-05-01 00:00")
        sure = read(*((start + hour * HOUR, count) for hour, count in enumerate((990, 997, 4, 11))))
        (old,) = read((start + 2 * HOUR + 60 * 10**9, 998), uncertainty_s=900)
        counts = sorted([*sure, old], key=lambda each: each.event_ns)
        history = a_history({DEVICE: {PULSES: counts}}, definitions=[a_definition(modulus=1_000)])
        (found,) = used(history, start, start + 3 * HOUR)
        assert (found.value, found.status) == (21 * LITRE, Status.MEASURED)

    def test_one_reading_too_low_is_set_aside(self) -> None:
        assert shown(("2026-05-01", 10.0), ("2026-05-02", 0.0), ("2026-05-03", 10.4), modulus=0) == [0, 400]

    def test_one_reading_too_high_is_set_aside(self) -> None:
        assert shown(("2026-05-01", 10.0), ("2026-05-02", 9_000.0), ("2026-05-03", 10.4), modulus=0) == [0, 400]

    def test_an_implausible_reading_is_not_there(self) -> None:
        counts = [*read(("2026-05-01 00:00", 5)), *read(("2026-05-01 12:00", 9_999), quality="implausible")]
        counts += read(("2026-05-02 00:00", 7))
        history = a_history({DEVICE: {PULSES: counts}}, definitions=[a_definition()])
        found = used(history, "2026-05-01 00:00", "2026-05-01 12:00", "2026-05-02 00:00")
        assert [each.value for each in found] == [0, 2 * LITRE]

    def test_readings_out_of_order_within_their_uncertainty_are_no_jump(self) -> None:
        sure = read(("2026-05-01 00:00", 100), ("2026-05-01 01:00", 110), ("2026-05-01 02:00", 120))
        (old,) = read(("2026-05-01 01:05", 108), uncertainty_s=900)
        history = a_history({DEVICE: {PULSES: [*sure[:2], old, sure[2]]}}, definitions=[a_definition()])
        found = used(history, "2026-05-01 00:00", "2026-05-01 01:30", "2026-05-01 02:00")
        assert [(each.value, each.status) for each in found] == [(10 * LITRE, Status.MEASURED)] * 2

    def test_more_than_can_flow_bills_nothing_and_says_so(self) -> None:
        definition = a_definition(most_per_hour=2_500 * LITRE)
        counts = [(ns("2026-05-01 00:00") + hour * HOUR, hour) for hour in range(3)]
        counts += [(ns("2026-05-01 00:00") + hour * HOUR, 500_000 + hour) for hour in range(3, 6)]
        history = a_history({DEVICE: {PULSES: read(*counts)}}, definitions=[definition])
        found = used(history, "2026-05-01 02:00", "2026-05-01 03:00", "2026-05-01 05:00")
        assert [(each.value, each.reasons) for each in found] == [(0, (Reason.TOO_FAST,)), (2 * LITRE, ())]

    def test_a_roll_over_that_would_be_too_fast_is_a_jump(self) -> None:
        definition = a_definition(modulus=2**16, most_per_hour=2_500 * LITRE)
        counts = read(("2026-05-01 00:00", 60_000), ("2026-05-01 01:00", 0), ("2026-05-01 02:00", 1))
        history = a_history({DEVICE: {PULSES: counts}}, definitions=[definition])
        (found,) = used(history, "2026-05-01 00:00", "2026-05-01 02:00")
        assert found.reasons == (Reason.BACKWARD_JUMP,)


@pytest.mark.parametrize("age_ns, status", [(DAY, Status.MEASURED), (DAY - 1, Status.INCOMPLETE)])
def test_a_reading_as_old_as_it_may_be_still_counts(age_ns: int, status: Status) -> None:
    counts = read(("2026-05-01 00:00", 1), ("2026-05-02 00:00", 2))
    history = a_history({DEVICE: {PULSES: counts}}, definitions=[a_definition()])
    (found,) = used(history, "2026-05-01 00:00", "2026-05-03 00:00", max_age_ns=age_ns)
    assert found.status is status
