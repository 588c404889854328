"""The fields of meter data: each a type, a length, and as many bytes.

Source: as the package; fields of unknown type are passed over, as the vendor's decoder does.
"""

from domain.decoding.codec import Notice
from domain.decoding.codecs.imst_ioke868.meter_objects import add_object
from domain.decoding.codecs.imst_ioke868.readings import Readings
from domain.observation import state

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


class Fields(Readings):
    """What the fields say."""

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


def is_meter_id(kind: int) -> bool:
    """Say whether a field of type ``kind`` is the meter's own number."""
    return kind & _FAMILY == _METER_ID


def walked(data: bytes) -> Fields:
    """Return what the whole fields at the beginning of ``data`` say, read one after another."""
    fields = Fields()
    position, length = 0, len(data)
    while position + HEADER <= length:
        start = position + HEADER
        end = start + data[position + 1]
        if end > length:
            fields.needed = end
            break
        _read(fields, data[position], data[start:end], end)
        position = end
    fields.consumed, fields.needed = position, fields.needed or position + HEADER
    fields.finish()
    return fields


def _read(fields: Fields, kind: int, body: bytes, end: int) -> None:
    family = kind & _FAMILY
    if family == _OBJECT:
        is_read = add_object(fields, kind, body)
    elif family == _METER_ID:
        is_read = fields.add_identity(body)
    elif kind == TIME:
        is_read = _read_time(fields, body, end)
    elif kind == STATUS:
        is_read = _read_status(fields, body)
    else:
        fields.notices.append(Notice("field_unknown", f"{kind:02x}: {body.hex()}"))
        return
    if is_read:
        fields.understood += 1
    else:
        fields.notices.append(Notice("field_malformed", f"{kind:02x}: {body.hex()}"))


def _read_time(fields: Fields, body: bytes, end: int) -> bool:
    if len(body) != TIME_LENGTH:
        return False
    if fields.time_s is None:
        fields.time_s, fields.time_end = int.from_bytes(body), end
    return True


def _read_status(fields: Fields, body: bytes) -> bool:
    """Read how the meter answers; the protocol's code has changed between firmwares and stays raw."""
    if len(body) < _STATUS_LENGTH:
        return False
    information, code = body[0], body[1]
    fields.attributes["meter.interface"] = _INTERFACES[information]
    direction = _DIRECTIONS[information & 3]
    if direction:
        fields.attributes["meter.direction"] = direction
    if code == 0 or code in _INPUT_FAULTS:
        fields.add(_CONNECTED[code != _NO_INPUT])
    if code:
        fields.notices.append(Notice("meter_input", _INPUT_FAULTS.get(code, f"0x{code:02x}")))
    return True
