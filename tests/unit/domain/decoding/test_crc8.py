"""CRC-8."""

from hypothesis import given
from hypothesis import strategies as st

from domain.decoding.crc8 import crc8


def test_its_check_value_is_that_of_the_catalogue_of_checksums() -> None:
    assert crc8(b"123456789") == 0xF4


def test_of_nothing_it_is_zero() -> None:
    assert crc8(b"") == 0


@given(st.binary(max_size=60))
def test_over_data_and_checksum_it_is_zero(data: bytes) -> None:
    assert crc8(data + bytes((crc8(data),))) == 0


@given(st.binary(min_size=1, max_size=60), st.data())
def test_a_changed_byte_changes_it(data: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(data) - 1))
    changed = bytearray(data)
    changed[at] ^= draw.draw(st.integers(1, 255))
    assert crc8(bytes(changed)) != crc8(data)
