"""What the meter is and how it is set (port 50); sent when it starts and on demand.

Source: as the package.
"""

from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.yobiiq_em4301.types import version
from domain.decoding.refusals import malformed, too_short
from domain.observation import Reading, state

_CHANNEL = 0xFF
_HEAD = 2
_CLASS, _POWER, _MODEL = 0x0F, 0x0B, 0x28
_LENGTHS = {0x09: 2, 0x0A: 2, 0x16: 4, _CLASS: 1, _POWER: 1, 0x1E: 2, 0x1F: 1, 0x20: 4, 0x21: 2}
_VERSIONS = {0x09: "hardware", 0x0A: "firmware"}
_NUMBERS = {
    0x16: "serial",
    0x1E: "meter.current_transformer_primary",
    0x1F: "meter.current_transformer_secondary",
    0x20: "meter.voltage_transformer_primary",
    0x21: "meter.voltage_transformer_secondary",
}
_CLASSES = ("A", "B", "C")
_POWER_EVENTS = {
    0: (state("device.powered", "", False), state("device.lifecycle", "", "shutdown:power_off")),  # noqa: FBT003
    1: (state("device.powered", "", True), state("device.lifecycle", "", "startup:power_on")),  # noqa: FBT003
}


def information(data: bytes) -> Decoded:
    """Return what the fields in ``data`` say.

    Raises:
        Undecodable: a field is cut short or not of the format.
    """
    attributes: dict[str, str] = {}
    readings: tuple[Reading, ...] = ()
    notices: list[Notice] = []
    position = 0
    while position < len(data):
        kind, start, end = _field(data, position)
        if kind == _POWER:
            readings = _power(data[start])
        elif end > start:
            _describe(kind, data[start:end], attributes)
        else:
            notices.append(Notice("field_unknown", data[position:].hex()))
            end = len(data)
        position = end
    if notices and not attributes and not readings:
        raise malformed(f"no known field in {data.hex()}")
    return Decoded((Snapshot(readings),) if readings else (), attributes, tuple(notices))


def _field(data: bytes, position: int) -> tuple[int, int, int]:
    """Return type, beginning and end of the field at ``position``; an unknown one has an unknown end."""
    start = position + _HEAD
    if len(data) < start:
        raise too_short(len(data), start)
    channel, kind = data[position], data[position + 1]
    if channel != _CHANNEL:
        raise malformed(f"channel 0x{channel:02x} where 0x{_CHANNEL:02x} is expected")
    if kind == _MODEL:
        end = data.find(_CHANNEL, start)
        end = len(data) if end < 0 else end
        if end == start:
            raise too_short(len(data), start + 1)
        return kind, start, end
    end = start + _LENGTHS.get(kind, 0)
    if len(data) < end:
        raise too_short(len(data), end)
    return kind, start, end


def _describe(kind: int, body: bytes, attributes: dict[str, str]) -> None:
    if kind in _VERSIONS:
        attributes[_VERSIONS[kind]] = version(body)
    elif kind in _NUMBERS:
        attributes[_NUMBERS[kind]] = str(int.from_bytes(body))
    elif kind == _MODEL:
        attributes["model"] = body.decode("latin-1")
    else:
        attributes["config.lorawan_class"] = _CLASSES[body[0]] if body[0] < len(_CLASSES) else f"0x{body[0]:02x}"


def _power(code: int) -> tuple[Reading, ...]:
    events = _POWER_EVENTS.get(code)
    if events is None:
        raise malformed(f"power event 0x{code:02x} is neither on nor off")
    return events
