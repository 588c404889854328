"""Value information of M-Bus records, as EN 13757-3 codes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decoding.mbus import Information, Quantity, information


@pytest.mark.parametrize(
    "vif, quantity, exponent, factor",
    [
        ((0x00,), Quantity.ENERGY_WH, -3, 1),
        ((0x07,), Quantity.ENERGY_WH, 4, 1),
        ((0x0E,), Quantity.ENERGY_J, 6, 1),
        ((0x13,), Quantity.VOLUME, 0, 1),
        ((0x16,), Quantity.VOLUME, 3, 1),
        ((0x22,), Quantity.ON_TIME, 0, 3_600),
        ((0x27,), Quantity.OPERATING_TIME, 0, 86_400),
        ((0x2B,), Quantity.POWER, 0, 1),
        ((0x37,), Quantity.POWER_J_PER_H, 7, 1),
        ((0x3B,), Quantity.FLOW_PER_H, 0, 1),
        ((0x44,), Quantity.FLOW_PER_MIN, 0, 1),
        ((0x4E,), Quantity.FLOW_PER_S, 0, 1),
        ((0x5A,), Quantity.FLOW_TEMPERATURE, -1, 1),
        ((0x5F,), Quantity.RETURN_TEMPERATURE, 0, 1),
        ((0x61,), Quantity.TEMPERATURE_DIFFERENCE, -2, 1),
        ((0x6B,), Quantity.PRESSURE, 0, 1),
        ((0x6C,), Quantity.DATE, 0, 1),
        ((0x75,), Quantity.ACTUALITY_DURATION, 0, 60),
        ((0x78,), Quantity.SERIAL_NUMBER, 0, 1),
        ((0x7B, 0x00), Quantity.ENERGY_WH, 5, 1),
        ((0x7B, 0x09), Quantity.ENERGY_J, 9, 1),
        ((0x7B, 0x11), Quantity.VOLUME, 6, 1),
        ((0x7B, 0x2E), Quantity.FREQUENCY, -1, 1),
        ((0x7D, 0x48), Quantity.VOLTAGE, -1, 1),
        ((0x7D, 0x59), Quantity.CURRENT, -3, 1),
        ((0x7D, 0x17), Quantity.ERROR_FLAGS, 0, 1),
    ],
)
def test_a_code_names_quantity_and_power_of_ten(
    vif: tuple[int, ...], quantity: Quantity, exponent: int, factor: int
) -> None:
    assert information(vif) == Information(quantity, exponent, factor)


@pytest.mark.parametrize("vif", [(0x6F,), (0x7A + 4,), (0x7F, 0x01), (0x7B,), (0x7B, 0x7F), (0x7D, 0x0C), (0x7C,)])
def test_what_is_unknown_or_the_makers_own_is_none(vif: tuple[int, ...]) -> None:
    assert information(vif) is None


@pytest.mark.parametrize(
    "extensions, expected",
    [
        ((0x3B,), Information(Quantity.POWER, 0, 1, 1)),
        ((0x3C,), Information(Quantity.POWER, 0, 1, -1)),
        ((0x73,), Information(Quantity.POWER, -3)),
        ((0x77,), Information(Quantity.POWER, 1)),
        ((0x7D,), Information(Quantity.POWER, 3)),
        ((0x7C, 0x02), Information(Quantity.POWER, 0, 1, 0, "l2")),
        ((0x7C, 0x04), Information(Quantity.POWER, 0, 1, 0, "n")),
        ((0x7C, 0x05), Information(Quantity.POWER, is_plain=False)),
        ((0x7C,), Information(Quantity.POWER, is_plain=False)),
        ((0x15,), Information(Quantity.POWER, error=0x15)),
        ((0x20,), Information(Quantity.POWER, is_plain=False)),
        ((0x7F, 0x3C), Information(Quantity.POWER, is_plain=False)),
        ((0x3C, 0x7C, 0x01, 0x73), Information(Quantity.POWER, -3, 1, -1, "l1")),
    ],
)
def test_extensions_refine_it(extensions: tuple[int, ...], expected: Information) -> None:
    assert information((0x2B, *extensions)) == expected


@given(st.lists(st.integers(0, 0x7F), min_size=1, max_size=11))
def test_no_chain_breaks_it(vif: list[int]) -> None:
    found = information(tuple(vif))
    assert found is None or found.quantity in Quantity
