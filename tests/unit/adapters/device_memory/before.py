"""Records of a memory as programs of before wrote them."""

import msgspec
from msgspec.structs import astuple

from domain.device import DeviceMemory, latest_values

_encode = msgspec.msgpack.encode


def version_3(memory: DeviceMemory) -> bytes:
    """Return the record that has the fields of a device and of its readings by name, and readings by key."""
    latest = {f"{each.measurand}/{each.channel}": each for each in latest_values(memory.latest)}
    fields = (memory.offset, memory.device, memory.accounts, memory.context, latest)
    return b"\x03" + _encode((*fields, memory.last_seen_ns, memory.written_us))


def version_4(memory: DeviceMemory) -> bytes:
    """Return the record of rows, of which readings were made and unmade."""
    rows = [astuple(each) for each in latest_values(memory.latest)]
    fields = (memory.offset, astuple(memory.device), memory.accounts, memory.context, rows)
    return b"\x04" + _encode((*fields, memory.last_seen_ns, memory.written_us))
