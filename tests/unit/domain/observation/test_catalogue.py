"""The measurand catalogue, and readings made with it."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidValue
from domain.observation import (
    MEASURANDS,
    Kind,
    Measurand,
    NotExact,
    Position,
    Quality,
    Reading,
    gauge,
    measurand,
    position,
    register,
    state,
)
from domain.observation.measurands import ROWS

_PAGE = Path(__file__).parents[4] / "docs" / "measurands.md"


def test_every_name_stands_for_one_row() -> None:
    assert len(MEASURANDS) == len(ROWS) == 66


@pytest.mark.parametrize("name", MEASURANDS)
def test_names_are_segments_of_snake_case(name: str) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)*", name)


def test_only_registers_and_positions_have_a_step() -> None:
    with_step = {row.kind for row in ROWS if row.exponent}
    assert with_step == {Kind.REGISTER, Kind.COMPOSITE}


def test_every_register_is_exact() -> None:
    assert all(row.exact for row in ROWS if row.kind is Kind.REGISTER)


def test_a_name_finds_its_row() -> None:
    row = measurand("electricity.energy.active.import")
    assert (row.unit, row.exponent, row.display_unit) == ("W.h", -4, "Wh")


def test_a_name_outside_the_catalogue_is_refused() -> None:
    with pytest.raises(InvalidValue):
        measurand("electricity.energy")


def test_the_page_lists_the_catalogue_row_by_row() -> None:
    lines = [line.strip("| ").split(" | ") for line in _PAGE.read_text().splitlines() if line.startswith("| `")]
    assert lines == [
        [
            *(f"`{row.name}`", f"`{row.unit}`", row.kind.value, _exactness(row), row.data_class.value),
            *(_range(row), ", ".join(f"{part}: {code}" if part else code for part, code in row.obis) or "–"),
        ]
        for row in ROWS
    ]


def _exactness(row: Measurand) -> str:
    return f"10^{row.exponent}" if row.exact and row.exponent else "1" if row.exact else "float"


def _range(row: Measurand) -> str:
    if row.kind is Kind.COMPOSITE:
        return "on earth, not 0/0"
    if row.least is None:
        return "–"
    least = f"{row.least:g}".replace("e+0", "e")
    return f"≥ {least}" if row.most is None else f"{least} … {row.most:g}".replace("e+0", "e")


def test_registers_never_fall_below_zero() -> None:
    assert all((row.least, row.most) == (0, None) for row in ROWS if row.kind is Kind.REGISTER)


def test_every_float_gauge_has_a_plausible_range() -> None:
    gauges = [row for row in ROWS if row.kind is Kind.GAUGE and not row.exact]
    assert all(row.least is not None and row.most is not None and row.least < row.most for row in gauges)


def test_obis_codes_are_those_of_a_register_or_an_instant() -> None:
    codes = [code for row in ROWS for _, code in row.obis]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"\d-[b0]:\d+\.\d+\.[e0]", code) for code in codes)


class TestRegister:
    def test_keeps_the_bytes_integer_in_the_measurands_step(self) -> None:
        assert register("electricity.energy.active.import", "t1", 552_815, -4) == Reading(
            "electricity.energy.active.import", "t1", 552_815, -4
        )

    def test_is_brought_to_its_step_by_shifting(self) -> None:
        assert register("water.volume", "pulse1", 1_020_304_050, 1).value == 10_203_040_500_000

    def test_takes_a_finer_value_that_divides(self) -> None:
        assert register("water.volume", "", 1_234_000, -6).value == 1_234

    def test_never_rounds(self) -> None:
        with pytest.raises(NotExact) as caught:
            register("water.volume", "", 1_234_001, -6)
        assert caught.value.attributes == {"field": "water.volume", "value": "1234001e-6"}

    @pytest.mark.parametrize("raw, exponent", [(2**63, -3), (-(2**63) - 1, -3), (1, 40)])
    def test_never_outgrows_the_stores(self, raw: int, exponent: int) -> None:
        with pytest.raises(NotExact):
            register("water.volume", "", raw, exponent)

    @given(st.integers(-(2**63), 2**63 - 1), st.integers(-12, 12))
    def test_is_worth_what_was_read_or_refused(self, raw: int, exponent: int) -> None:
        try:
            reading = register("electricity.charge", "", raw, exponent)
        except NotExact:
            return
        assert isinstance(reading.value, int)
        assert reading.value * 10**8 == raw * 10 ** (exponent + 12)


def test_a_gauge_is_a_float_whatever_was_read() -> None:
    assert repr(gauge("device.temperature", "", 22).value) == "22.0"


def test_a_state_keeps_its_type() -> None:
    assert state("lamp.on", "dali1", True).value is True
    assert state("device.status_word", "", 144).value == 144


def test_a_position_is_a_value_of_its_own() -> None:
    ulm = Position(484_011_000, 99_876_000)
    assert position("", ulm) == Reading("position", "", ulm)


@pytest.mark.parametrize(
    "reading",
    [
        register("water.volume", "", 1, 0, "substituted"),
        gauge("water.flow", "", 1, "substituted"),
        state("lamp.on", "", True, "substituted"),
        position("", Position(1, 2), "substituted"),
    ],
)
def test_a_reading_says_its_quality(reading: Reading) -> None:
    assert reading.quality == Quality.SUBSTITUTED
