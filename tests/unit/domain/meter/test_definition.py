"""What a counter means is said by its definition, and a corrected one corrects every value."""

from domain.meter import Grain, Medium, Ratio, Reason, RegisterDefinition, RegisterName
from tests.unit.domain.meter.points import (
    DEVICE,
    ENERGY,
    HOUR,
    LITRE,
    PULSES,
    START,
    a_definition,
    a_history,
    by,
    ns,
    read,
    reads,
    used,
)

DAYS = ("2026-06-15 00:00", "2026-06-16 00:00")


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
