"""M-Bus data records, as EN 13757-3 codes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decoding.mbus import Record, bcd, data_records


def record(hex_text: str) -> Record:
    """Return the only record of ``hex_text``."""
    records, rest = data_records(bytes.fromhex(hex_text))
    assert rest == b""
    assert len(records) == 1
    return records[0]


def test_a_record_is_how_what_and_how_much() -> None:
    assert record("0374301c00") == Record((0x74,), 7_216)


@pytest.mark.parametrize(
    "hex_text, value",
    [
        ("00 13", None),
        ("01 13 ff", -1),
        ("02 13 0080", -32_768),
        ("04 13 ffffff7f", 2_147_483_647),
        ("05 13 00008040", 4.0),
        ("06 13 000000000080", -(2**47)),
        ("07 13 0000000000000080", -(2**63)),
        ("09 13 42", 42),
        ("0a 13 34f2", -234),
        ("0c 13 78563412", 12_345_678),
        ("0c 13 78a63412", None),
        ("0e 13 907856341200", 1_234_567_890),
        ("0d 13 03 636261", b"abc"),
        ("0d 13 c2 3412", 1_234),
        ("0d 13 d2 3412", -1_234),
        ("0d 13 c1 a0", None),
        ("0d 13 e2 feff", -2),
        ("0d 13 e0", None),
        ("0d 13 f0 00112233445566778899aabbccddeeff", bytes.fromhex("ffeeddccbbaa99887766554433221100")),
    ],
)
def test_data_are_coded_in_many_ways(hex_text: str, value: float | bytes | None) -> None:
    assert record(hex_text).value == value


def test_storage_tariff_and_subunit_are_spread_over_extensions() -> None:
    found = record("cc d1 60 13 00000000")
    assert (found.storage, found.tariff, found.subunit) == (0b11, 0b1001, 0b11)


def test_a_value_is_current_only_if_nothing_qualifies_it() -> None:
    assert record("0c1300000000").is_current
    assert not record("4c1300000000").is_current  # of a day in the past
    assert not record("1c1300000000").is_current  # a maximum
    assert not record("0c933a00000000").is_current  # refined


def test_an_entry_of_an_extension_table_is_no_qualification() -> None:
    assert record("02fd482109").is_current
    assert not record("02fdc8fc012109").is_current


def test_a_unit_may_be_said_in_words_with_a_power_of_ten() -> None:
    found = record("02 fc 03 485225 74 440d")
    assert (found.unit, found.vif, found.value) == ("%RH", (0x7C, 0x74), 3_396)
    assert record("01 7c 02 6148 07").unit == "Ha"


@pytest.mark.parametrize("hex_text", ["01fc", "017c05", "017c026148", "01fc02614807", "01fc026148f4"])
def test_words_that_are_cut_short_are_left_over(hex_text: str) -> None:
    assert data_records(bytes.fromhex(hex_text)) == ([], bytes.fromhex(hex_text))


@pytest.mark.parametrize(
    "hex_text, text",
    [
        ("026c bf1c", "2013-12-31"),
        ("046d 2813 c711", "2014-01-07T19:40"),
        ("066d 1e2d 0b36 2700", "2017-07-22T11:45:30"),
        ("036d 1e2d 0b", "*-*-*T11:45:30"),
    ],
)
def test_times_are_those_of_the_meters_clock(hex_text: str, text: str) -> None:
    assert str(record(hex_text).value) == text


def test_fillers_mean_nothing() -> None:
    assert record("2f2f011342") == Record((0x13,), 66)


@pytest.mark.parametrize(
    "hex_text",
    ["0c", "0c93", "0c13785634", "0d13", "0d1303aa", "0d13cf", "0d13e2ff", "0d13f7", "08fc01", "047c", "0f13"],
)
def test_what_is_no_whole_record_is_left_over(hex_text: str) -> None:
    assert data_records(bytes.fromhex(hex_text)) == ([], bytes.fromhex(hex_text))


def test_records_before_a_broken_one_are_read() -> None:
    records, rest = data_records(bytes.fromhex("011342 0c1378"))
    assert [found.value for found in records] == [66]
    assert rest == bytes.fromhex("0c1378")


@given(st.binary(max_size=80))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    _, rest = data_records(data)
    assert data.endswith(rest)


@given(st.integers(0, 99_999_999))
def test_decimal_digits_come_lowest_first(number: int) -> None:
    assert bcd(bytes.fromhex(f"{number:08d}")[::-1]) == number
