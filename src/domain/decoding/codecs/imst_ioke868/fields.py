"""The fields of meter data: each a type, a length, and as many bytes.

Source: as the package; fields of unknown type are passed over, as the vendor's decoder does.
"""

from msgspec import Struct

from domain.decoding.codec import Notice
from domain.decoding.codecs.imst_ioke868.meter_objects import add_object
from domain.decoding.codecs.imst_ioke868.readings import Readings
from domain.observation import Reading, state

HEADER = 2
"""Bytes before the body of a field: type and length."""
STATUS, TIME = 0x00, 0x01
_METER_ID, _OBJECT = 0x10, 0x40
_FAMILY = 0xF0
_STATUS_LENGTH, TIME_LENGTH = 2, 4

_CONNECTED = tuple(state("meter.connected", "", is_connected) for is_connected in (False, True))
_INTERFACES = tuple(f"0x{code:02x}" for code in range(256))
_NO_INPUT = 1
_INPUT_FAULTS = {
    1: "no input",
    2: "input file error",
    3: "input file incomplete",
    4: "meter ID does not match",
    5: "no filtered data",
}
_DIRECTIONS = ("", "import", "export", "import + export")


class Fields(Struct, frozen=True, gc=False):
    """What the fields say."""

    readings: tuple[Reading, ...] = ()
    """One for each measurand and channel."""
    attributes: dict[str, str] = {}
    notices: tuple[Notice, ...] = ()
    consumed: int = 0
    """Bytes of whole fields."""
    needed: int = 0
    """Bytes there had to be for one field more."""
    time_s: int | None = None
    """The reader's clock, s since 1970-01-01 UTC."""
    time_end: int = 0
    """Where the time field ends."""
    understood: int = 0
    """Number of fields that mean something."""


class _Walk(Readings):
    """What the fields so far say."""

    time_s: int | None = None
    time_end: int = 0
    understood: int = 0


def is_meter_id(kind: int) -> bool:
    """Say whether a field of type ``kind`` is the meter's own number."""
    return kind & _FAMILY == _METER_ID


def walked(data: bytes) -> Fields:
    """Return what the whole fields at the beginning of ``data`` say, read one after another."""
    walk = _Walk()
    position, needed, length = 0, 0, len(data)
    while position + HEADER <= length:
        start = position + HEADER
        end = start + data[position + 1]
        if end > length:
            needed = end
            break
        _read(walk, data[position], data[start:end], end)
        position = end
    walk.finish()
    return Fields(
        tuple(walk.readings.values()),
        walk.attributes,
        tuple(walk.notices),
        position,
        needed or position + HEADER,
        walk.time_s,
        walk.time_end,
        walk.understood,
    )


def _read(walk: _Walk, kind: int, body: bytes, end: int) -> None:
    family = kind & _FAMILY
    if family == _OBJECT:
        is_read = add_object(walk, kind, body)
    elif family == _METER_ID:
        is_read = walk.add_identity(body)
    elif kind == TIME:
        is_read = _read_time(walk, body, end)
    elif kind == STATUS:
        is_read = _read_status(walk, body)
    else:
        walk.notices.append(Notice("field_unknown", f"{kind:02x}: {body.hex()}"))
        return
    if is_read:
        walk.understood += 1
    else:
        walk.notices.append(Notice("field_malformed", f"{kind:02x}: {body.hex()}"))


def _read_time(walk: _Walk, body: bytes, end: int) -> bool:
    if len(body) != TIME_LENGTH:
        return False
    if walk.time_s is None:
        walk.time_s, walk.time_end = int.from_bytes(body), end
    return True


def _read_status(walk: _Walk, body: bytes) -> bool:
    """Read how the meter answers; the protocol's code has changed between firmwares and stays raw."""
    if len(body) < _STATUS_LENGTH:
        return False
    information, code = body[0], body[1]
    walk.attributes["meter.interface"] = _INTERFACES[information]
    direction = _DIRECTIONS[information & 3]
    if direction:
        walk.attributes["meter.direction"] = direction
    if code == 0 or code in _INPUT_FAULTS:
        walk.add(_CONNECTED[code != _NO_INPUT])
    if code:
        walk.notices.append(Notice("meter_input", _INPUT_FAULTS.get(code, f"0x{code:02x}")))
    return True
