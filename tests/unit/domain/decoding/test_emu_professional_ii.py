"""EMU Professional II energy meter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decoding import Decoded, Payload, Undecodable
from domain.decoding.crc8 import crc8
from tests.unit.domain.decoding.vectors import codes_of, decode, values_of

_TIME = "b4d77b61"


def framed(fields: str) -> Payload:
    """Return ``fields`` behind a time and before a checksum."""
    data = bytes.fromhex(_TIME + fields)
    return Payload(data + bytes((crc8(data),)), 7, 0)


def said(fields: str) -> Decoded:
    """Return what ``fields`` mean."""
    return decode("emu_professional_ii", framed(fields))


@pytest.mark.parametrize(
    "fields, name, value",
    [
        ("0b18fcffff", "electricity.power.active/sum", -1000.0),
        ("0ce8030000", "electricity.power.active/l1", 1000.0),
        ("0fe8030000", "electricity.current/sum", 1.0),
        ("13e8030000", "electricity.current/n", 1.0),
        ("14fc080000", "electricity.voltage/l1", 230.0),
        ("17a6", "electricity.power_factor/l1", -0.9),
        ("1af401", "electricity.frequency/", 50.0),
        ("1be8030000", "electricity.power.active/avg", 1000.0),
        ("1c07000000", "electricity.energy.active.import/t1", 7 * 10**7),
        ("2307000000", "electricity.energy.reactive.export/t2", 7 * 10**7),
        ("240700000001000000", "electricity.energy.active.import/t1", (2**32 + 7) * 10**4),
        ("f178563412", "meter.identity/", "12345678"),
    ],
)
def test_every_field_has_its_measurand(fields: str, name: str, value: object) -> None:
    assert values_of(said(fields)) == {name: value}


@given(st.lists(st.sampled_from(range(0x2C)), min_size=1, max_size=8), st.binary(min_size=64, max_size=64))
def test_a_field_means_the_same_in_whatever_company(kinds: list[int], data: bytes) -> None:
    widths = [1 if 0x17 <= kind <= 0x19 else 2 if kind == 0x1A else 8 if kind >= 0x24 else 4 for kind in kinds]
    fields = [
        bytes((kind,)) + data[at * 8 : at * 8 + width]
        for at, (kind, width) in enumerate(zip(kinds, widths, strict=True))
    ]
    together = b"".join(fields).hex()
    assert values_of(said(together)) == values_of(said(f"{together} fc454d5500"))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_of_several_counters_for_one_thing_the_finest_and_widest_counts(order: tuple[int, int, int]) -> None:
    fields = ("1c01000000", "03e9030000", "24ea03000000000000")
    assert values_of(said("".join(fields[at] for at in order))) == {"electricity.energy.active.import/t1": 1002 * 10**4}


def test_a_counter_beyond_the_stores_is_only_noted() -> None:
    decoded = said("24ffffffffffffffff")
    assert decoded.snapshots == ()
    assert codes_of(decoded) == ["register_not_exact"]


def test_the_error_code_is_a_set_of_alarms() -> None:
    values = values_of(said("f0a2"))
    assert {key for key, value in values.items() if value} == {
        "device.alarm/ct_changed",
        "device.alarm/power_failed",
        "device.alarm/logbook_full",
    }
    assert len(values) == 7


def test_texts_end_with_zeros() -> None:
    assert said("fa312e3000 fc454d5500").attributes == {"firmware": "1.0", "meter.manufacturer": "EMU"}


def test_nothing_is_read_behind_an_unknown_field() -> None:
    decoded = said("0301000000 80 0401000000")
    assert list(values_of(decoded)) == ["electricity.energy.active.import/t1"]
    assert [(each.code, each.detail) for each in decoded.notices] == [("field_unknown", "800401000000")]


def test_the_times_of_the_data_logger_are_no_readings() -> None:
    assert said("0001000000 0100000000 0200000000 fe00000000") == Decoded()


def test_two_bytes_are_a_sign_of_life() -> None:
    assert codes_of(decode("emu_professional_ii", Payload(b"\x00\x01", 1, 0))) == ["sign_of_life"]


@given(st.binary(min_size=5, max_size=60))
def test_without_its_checksum_nothing_is_believed(data: bytes) -> None:
    wrong = bytes((data[-1] ^ 1 if crc8(data[:-1]) == data[-1] else data[-1],))
    with pytest.raises(Undecodable) as caught:
        decode("emu_professional_ii", Payload(data[:-1] + wrong, 1, 0))
    assert caught.value.code == "checksum_wrong"


@pytest.mark.parametrize("data, code", [(b"", "payload_too_short"), (b"\1\2\3", "payload_too_short")])
def test_what_is_too_short_for_a_time_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode("emu_professional_ii", Payload(data, 1, 0))
    assert caught.value.code == code


def test_a_field_that_is_cut_short_is_refused_though_the_checksum_is_right() -> None:
    with pytest.raises(Undecodable) as caught:
        said("0301")
    assert caught.value.code == "payload_malformed"
