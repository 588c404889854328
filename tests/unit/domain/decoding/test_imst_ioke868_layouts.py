"""IMST iOKE868: payloads read at one stroke say the same as field by field."""

from hypothesis import given
from hypothesis import strategies as st

from domain.decoding.codecs.imst_ioke868.fields import walked
from domain.decoding.codecs.imst_ioke868.layouts import Layouts, read_fields

_IMPORT, _EXPORT = "0100010800ff1e", "0100020800ff1e"
"""OBIS codes with the unit Wh."""
_HEADS = (_IMPORT, _EXPORT, "0100010801ff1e", "0100100700ff1b", "0100010700ff1b", "0100200700ff23", "0100630100ff00")
"""Registers, a tariff, powers, one given apart for each direction, a voltage, and what nobody knows."""


def field(kind: int, body: bytes) -> bytes:
    """Return a field."""
    return bytes((kind, len(body))) + body


def a_number(head: str, scaler: int, mantissa: bytes, mask: int = 0xFC) -> bytes:
    """Return a meter object; ``head``: its OBIS code and unit in hex."""
    return field(0x40, bytes((mask,)) + bytes.fromhex(head) + bytes((scaler % 256,)) + mantissa)


def a_payload(identity: bytes = b"1EMH0000000001", energy: int = 1, second: int = 0x695B7302) -> bytes:
    """Return what a reader sends all its life: status, time, the meter's number, two registers."""
    return b"".join(
        (
            field(0x00, b"\x05\x00"),
            field(0x01, second.to_bytes(4)),
            field(0x10, identity),
            a_number(_IMPORT, -1, energy.to_bytes(9, signed=True)),
            a_number(_EXPORT, -1, (2 * energy).to_bytes(9, signed=True)),
        )
    )


_numbers = st.builds(
    a_number,
    st.sampled_from(_HEADS),
    st.integers(-5, 3),
    st.binary(min_size=1, max_size=17),
    st.sampled_from((0xFC, 0xFF)),
)
_fields = st.one_of(
    _numbers,
    _numbers,
    st.builds(field, st.just(0x00), st.binary(max_size=3)),
    st.builds(field, st.just(0x01), st.binary(min_size=4, max_size=4)),
    st.builds(field, st.just(0x10), st.sampled_from((b"", b"1EMH0000000001", b"1ISK0000000002", b"\x0a\x01\xff"))),
    st.builds(field, st.sampled_from((0x01, 0x20, 0x41, 0x42, 0x48)), st.binary(max_size=12)),
)
_payloads = st.builds(lambda several, cut: b"".join(several)[:cut], st.lists(_fields, max_size=5), st.integers(0, 255))


@given(st.lists(_payloads, min_size=1, max_size=4))
def test_what_a_payload_says_does_not_depend_on_how_it_is_read(payloads: list[bytes]) -> None:
    for data in payloads:
        assert read_fields(data) == walked(data)
        assert read_fields(data) == walked(data), "nor on what was read before"


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=4), st.binary(min_size=14, max_size=14))
def test_payloads_of_one_layout_differ_in_their_values(energies: list[int], identity: bytes) -> None:
    for energy in energies:
        data = a_payload(identity, energy, energy % 2**32)
        assert read_fields(data) == walked(data)


def test_readers_of_a_fleet_share_a_layout() -> None:
    layouts = Layouts()
    layout = layouts.of(a_payload(b"1EMH0000000001", 5, 1))
    assert layout is not None
    assert layouts.of(a_payload(b"1ISK0000000002", 70_000, 2)) is layout


def test_another_scaler_is_another_layout() -> None:
    layouts = Layouts()
    layout = layouts.of(a_number(_IMPORT, -1, b"\x05"))
    assert layouts.of(a_number(_IMPORT, 0, b"\x05")) is not layout


def test_two_readings_of_one_name_have_no_layout() -> None:
    assert Layouts().of(a_number(_IMPORT, -1, b"\x05") + a_number(_IMPORT, -1, b"\x06")) is None


@given(st.binary(min_size=1, max_size=16), st.binary(min_size=1, max_size=16), st.sampled_from((0, 4, 8, 15)))
def test_a_mantissa_is_one_number_however_long_it_is(first: bytes, second: bytes, zeros: int) -> None:
    for mantissa in (first, second.rjust(len(first), b"\0"), bytes(zeros) + first, b"\xff" * zeros + first):
        data = a_number(_IMPORT, -1, mantissa)
        assert read_fields(data) == walked(data)


def test_invented_layouts_find_no_room() -> None:
    layouts = Layouts()
    for code in range(10_000):
        layouts.of(field(0x00, code.to_bytes(4)))
    assert layouts.number <= 16 * 256
