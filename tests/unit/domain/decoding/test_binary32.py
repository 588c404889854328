"""Decimal numbers that came as binary32."""

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decoding.binary32 import decimal_of


@pytest.mark.parametrize(
    "value, expected",
    [
        (0.0, (0, 0)),
        (34_000.0, (34_000, 0)),
        (16_777_217.0, (16_777_216, 0)),
        (1234.5, (12_345, -1)),
        (0.1, (1, -1)),
        (-2.25, (-225, -2)),
        (123_456.78, (12_345_678, -2)),
        (1.4e-45, (140_130, -50)),
    ],
)
def test_the_digits_are_those_that_were_meant(value: float, expected: tuple[int, int]) -> None:
    found = decimal_of(pack(">f", value))
    assert found is not None
    assert found[0] * 10.0 ** found[1] == pytest.approx(expected[0] * 10.0 ** expected[1])
    if value > 1e-9 or value <= 0:
        assert found == expected


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_has_none(value: float) -> None:
    assert decimal_of(pack(">f", value)) is None


@given(st.integers(-9_999_999, 9_999_999), st.integers(0, 4))
def test_seven_digits_survive_the_way(number: int, decimals: int) -> None:
    found = decimal_of(pack(">f", number / 10**decimals))
    assert found is not None
    raw, exponent = found
    assert raw * 10 ** (exponent + decimals + 9) == number * 10**9 or abs(number) > 8_388_608


@given(st.binary(min_size=4, max_size=4))
def test_the_digits_become_the_same_bytes_again(raw: bytes) -> None:
    found = decimal_of(raw)
    if found is not None and raw != b"\x80\x00\x00\x00":
        assert pack(">f", float(f"{found[0]}e{found[1]}")) == raw
