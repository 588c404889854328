"""Which values cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.observation import (
    MEASURANDS,
    Kind,
    Position,
    Reading,
    Value,
    gauge,
    is_place,
    judged,
    position,
    register,
    state,
)

_DEGREE = 10**7


def qualities(*readings: Reading) -> list[str]:
    """Return what judgement makes of the qualities of ``readings``."""
    return [reading.quality for reading in judged(readings)]


class TestJudged:
    def test_leaves_readings_that_can_be_as_they_are(self) -> None:
        readings = (
            gauge("electricity.voltage", "l1", 230),
            register("water.volume", "", 0),
            state("lamp.on", "", True),
            position("", Position(48 * _DEGREE, 10 * _DEGREE)),
        )
        assert judged(readings) is readings

    def test_has_nothing_to_say_of_no_readings(self) -> None:
        assert judged(()) == ()

    @pytest.mark.parametrize("value, is_plausible", [(0, True), (1_000, True), (-0.1, False), (1_000.1, False)])
    def test_takes_the_ends_of_a_range_as_part_of_it(self, value: float, is_plausible: bool) -> None:
        expected = "measured" if is_plausible else "implausible"
        assert qualities(gauge("electricity.voltage", "l1", value)) == [expected]

    def test_flags_what_is_no_number(self) -> None:
        assert qualities(gauge("water.flow", "", float("nan"))) == ["implausible"]

    @pytest.mark.parametrize("value", ["230", Position(1, 2)])
    def test_flags_what_should_be_a_number(self, value: Value) -> None:
        readings = (gauge("water.flow", "", 1), Reading("electricity.voltage", "", value))
        assert qualities(*readings) == ["measured", "implausible"]

    def test_flags_a_register_below_zero(self) -> None:
        assert qualities(register("water.volume", "", -1, -3)) == ["implausible"]

    def test_measures_registers_in_their_unit(self) -> None:
        assert qualities(register("water.volume", "", 2**53, 0)) == ["measured"]

    def test_flags_a_dim_level_that_is_a_state(self) -> None:
        assert qualities(Reading("lamp.dim_level.commanded", "", 101.0)) == ["implausible"]

    def test_flags_only_what_cannot_be(self) -> None:
        readings = (gauge("water.flow", "", 1), gauge("water.temperature", "", 500), gauge("water.pressure", "", 3))
        found = judged(readings)
        assert [each.quality for each in found] == ["measured", "implausible", "measured"]
        assert (found[0], found[2]) == (readings[0], readings[2])

    def test_changes_nothing_but_the_quality(self) -> None:
        (found,) = judged((register("water.volume", "pulse1", -5),))
        assert found == Reading("water.volume", "pulse1", -5_000, -3, "implausible")

    @pytest.mark.parametrize("quality", ["device_flagged", "substituted", "unit_unknown"])
    def test_keeps_the_flag_of_what_is_flagged_already(self, quality: str) -> None:
        assert qualities(gauge("water.flow", "", 1e9, quality)) == [quality]

    @given(st.sampled_from(sorted(MEASURANDS)), st.floats() | st.integers(-(2**63), 2**63 - 1))
    def test_is_settled_after_one_judgement(self, name: str, value: float) -> None:
        if MEASURANDS[name].kind is not Kind.COMPOSITE:
            once = judged((Reading(name, "", value),))
            assert repr(judged(once)) == repr(once)


class TestPlace:
    @pytest.mark.parametrize(
        "latitude, longitude",
        [(90, 180), (-90, -180), (0, 10), (48, 0)],
    )
    def test_is_anywhere_on_earth(self, latitude: int, longitude: int) -> None:
        assert is_place(Position(latitude * _DEGREE, longitude * _DEGREE))

    @pytest.mark.parametrize(
        "value",
        [
            Position(0, 0),
            Position(90 * _DEGREE + 1, 0),
            Position(0, 180 * _DEGREE + 1),
            Position(1_014_500_000, -1_896_300_000),
            "Ulm",
        ],
    )
    def test_is_neither_beyond_it_nor_where_receivers_without_a_fix_are(self, value: Value) -> None:
        assert not is_place(value)
        assert qualities(Reading("position", "", value)) == ["implausible"]
