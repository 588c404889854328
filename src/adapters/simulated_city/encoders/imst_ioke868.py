"""IMST iOKE868: an optical head that reads an electricity meter and sends its objects as type, length, value.

Source: imst/ioke868 in the LoRaWAN Device Repository (field types, units, status message); the segment header:
IMST Wireless M-Bus Range Extender user manual 1.0, "Transport Protocol Details", which the head shares.
"""

from struct import Struct as Layout

METER_PORT = 5
STATUS_PORT = 3
SEGMENTED = 0x40
"""Set in the port of a frame that holds a segment."""

WATT_HOUR = 30
"""DLMS unit code."""
IMPORT, EXPORT = (1, 8), (2, 8)
"""OBIS groups C and D of active energy: from the grid, to the grid."""

_HEAD = Layout(">BBBBBBIBB")
_STATUS_FIELD, _STATUS_SIZE = 0x00, 2
_SML = 1 << 2
"""The meter speaks SML."""
_IMPORTS, _EXPORTS = 1, 2
_OK = 0
_TIME_FIELD, _TIME_SIZE = 0x01, 4
_METER_ID_FIELD = 0x10
_OBJECT = Layout(">BBB6BBbxQ")
_OBJECT_WITH_UNIT, _OBJECT_SIZE = 0x40, 18
"""Group mask, six OBIS groups, unit, scaler, and 9 octets of mantissa: a sign and 64 bits."""
_ALL_GROUPS = 0xFC
_REGISTER_F = 255
_LAST_SEGMENT = 0x80

_DEVICE = Layout("<IBBIIHIII")
_FIRMWARE = (0, 1)
"""Minor, major."""
_RESERVED = 0x0020
"""Without a meaning, and set in what the maker published. Zero of the other bits: all is well."""
_UNSYNCHRONISED = 0x0006
"""Neither the network nor the serial interface has ever set the clock."""


def meter_head(clock_s: int, meter_id: bytes, *, exports: bool) -> bytes:
    """Return the fields before the objects: status, the device's clock (s since 1970), the meter's identity."""
    kind = _SML | _IMPORTS | (_EXPORTS if exports else 0)
    status = (_STATUS_FIELD, _STATUS_SIZE, kind, _OK)
    return _HEAD.pack(*status, _TIME_FIELD, _TIME_SIZE, clock_s, _METER_ID_FIELD, len(meter_id)) + meter_id


def register(direction: tuple[int, int], tariff: int, scaler: int, mantissa: int) -> bytes:
    """Return OBIS 1-0:C.D.tariff*255 = ``mantissa`` · 10^``scaler`` Wh."""
    groups = (1, 0, *direction, tariff, _REGISTER_F)
    return _OBJECT.pack(_OBJECT_WITH_UNIT, _OBJECT_SIZE, _ALL_GROUPS, *groups, WATT_HOUR, scaler, mantissa)


def segments(payload: bytes, room: int) -> list[bytes]:
    """Return ``payload`` in pieces of at most ``room`` octets, each behind its number; the last one is marked."""
    pieces = [payload[start : start + room - 1] for start in range(0, len(payload), room - 1)]
    last = len(pieces) - 1
    return [bytes((number | (_LAST_SEGMENT if number == last else 0),)) + piece for number, piece in enumerate(pieces)]


def status(
    clock_s: int, *, last_sync_s: int, synchronised: bool, restarts: int, files: tuple[int, int], uploads: int
) -> bytes:
    """Return the head's own status: its clock, restarts, meter files read well and badly, messages sent."""
    bits = _RESERVED if synchronised else _RESERVED | _UNSYNCHRONISED
    return _DEVICE.pack(clock_s, *_FIRMWARE, last_sync_s, restarts, bits, *files, uploads)
