"""Numbers keep the digits that the device meant; units are changed without rounding."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decoding.mapping import factor_between
from domain.decoding.mapping.number import number, product, whole
from domain.errors import InvalidValue
from domain.observation import MEASURANDS


@pytest.mark.parametrize(
    "value, digits, expected",
    [
        (5, None, "5"),
        (Decimal("55.2815"), None, "55.2815"),
        (Decimal("0.30000000000000004"), None, "0.3"),
        (Decimal("1234.5670000000002"), None, "1234.567"),
        (Decimal("1234.5670000000002"), 2, "1234.57"),
        (Decimal("2.675"), 2, "2.68"),
        (Decimal("1e+21"), None, "1e21"),
        (123456789012345678, None, "123456789012345678"),
        ("12.50", None, "12.50"),
        ("-7", None, "-7"),
        (" 3 ", None, "3"),
    ],
)
def test_what_a_float_made_up_is_rounded_away(value: object, digits: int | None, expected: str) -> None:
    found = number(value, digits)
    assert found is not None
    assert found == Decimal(expected)


@pytest.mark.parametrize("value", [None, True, False, "", "n/a", "1e5", "0x10", "1,5", "NaN", [], {}])
def test_what_is_no_number_is_none(value: object) -> None:
    assert number(value) is None


@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_a_raw_value_survives_its_way_through_a_float(raw: int, digits: int) -> None:
    as_javascript_prints_it = repr(raw / 10**digits)
    found = number(Decimal(as_javascript_prints_it))
    assert found is not None
    assert product(found, Decimal(10**digits)) == raw


@given(st.integers(-(10**30), 10**30), st.integers(-20, 20))
def test_a_decimal_is_a_whole_number_of_a_power_of_ten(count: int, exponent: int) -> None:
    value = Decimal(count).scaleb(exponent)
    found, power = whole(value)
    assert Decimal(found).scaleb(power) == value


@pytest.mark.parametrize(
    "unit, wanted, factor",
    [
        ("kWh", "W.h", "1000"),
        ("kW.h", "W.h", "1000"),
        ("MWh", "W.h", "1000000"),
        ("kWh", "J", "3600000"),
        ("GJ", "J", "1000000000"),
        ("m3", "L", "1000"),
        ("m³", "L", "1000"),
        ("dL", "L", "0.1"),
        ("mV", "V", "0.001"),
        ("°C", "Cel", "1"),
        ("h", "s", "3600"),
        ("m/s", "km/h", "3.6"),
        ("kn", "km/h", "1.852"),
        ("m3/h", "L/h", "1000"),
        ("L/min", "L/h", "60"),
        ("hPa", "bar", "0.001"),
        ("{pulse}", "{pulse}", "1"),
    ],
)
def test_units_are_changed_exactly(unit: str, wanted: str, factor: str) -> None:
    assert factor_between(unit, wanted) == Decimal(factor)


@pytest.mark.parametrize(
    "unit, wanted, remedy",
    [
        ("kWh", "V", "one of V, mV expected"),
        ("furlong", "L", "one of mL, dL, L, hL, m3 expected"),
        ("kW", "{pulse}", "'{pulse}' or no unit expected"),
        ("J", "W.h", "no decimal factor makes W.h of it"),
        ("s", "h", "no decimal factor makes h of it"),
    ],
)
def test_a_unit_that_does_not_fit_is_told_with_those_that_do(unit: str, wanted: str, remedy: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        factor_between(unit, wanted)
    assert remedy in refused.value.message


@pytest.mark.parametrize("unit", sorted({row.unit for row in MEASURANDS.values()}))
def test_every_unit_of_the_catalogue_is_its_own(unit: str) -> None:
    assert factor_between(unit, unit) == 1
