"""What is remembered of a device survives its record, whole."""

import msgspec
import pytest

from adapters.device_memory.record import decode, encode, offset_of
from application.errors import WrongShape
from domain.device import Device, DeviceMemory
from tests.contract.stream import a_stream, expected
from tests.support.builders import DEV

MEMORIES = list(expected(a_stream(300))[1].values())


def test_every_field_comes_back() -> None:
    assert MEMORIES
    for memory in MEMORIES:
        assert decode(encode(memory)) == memory


def test_the_position_is_read_without_the_rest() -> None:
    assert [offset_of(encode(memory)) for memory in MEMORIES] == [memory.offset for memory in MEMORIES]


def test_a_device_never_heard_has_a_position_below_all() -> None:
    assert offset_of(encode(DeviceMemory(-1, Device(DEV, 0)))) == -1


def test_a_record_begins_with_its_version() -> None:
    assert encode(MEMORIES[0])[0] == 4


def test_a_record_names_no_fields() -> None:
    assert b"measurand" not in encode(MEMORIES[0])


def test_the_version_before_is_read_too() -> None:
    for memory in MEMORIES:
        before = b"\x03" + msgspec.msgpack.encode(memory)
        assert (decode(before), offset_of(before)) == (memory, memory.offset)


@pytest.mark.parametrize("read", [decode, offset_of])
def test_a_newer_version_is_refused_and_named(read: object) -> None:
    newer = b"\x05" + encode(MEMORIES[0])[1:]
    with pytest.raises(WrongShape, match="version 5, and this program knows 3 and 4"):
        read(newer)  # type: ignore[operator]  # both are functions of bytes


@pytest.mark.parametrize("value", [b"", b"\x04", b"\x04\xc1", b"\x04" + msgspec.msgpack.encode(["a"]), b"{}"])
def test_what_is_no_memory_is_refused(value: bytes) -> None:
    with pytest.raises(WrongShape):
        offset_of(value)
    with pytest.raises(WrongShape):
        decode(value)
