"""Talkpool OY1320: radio module on a mechanical water meter.

Sources: the device repository of The Things Network (vendor/talkpool/oy1320.js) for the measurement, with and without
status; the manuals of Talkpool's OY1410 and of B Meters' RFM-LR1, which speak the same language of indexed values, for
the others. Numbers are big-endian. A frame is a row of values, each ``01``, its index and its bytes; ``02`` and an
index refuse a request.

No source says for this device what a step of the reading is worth (litres, for its sisters): it stays a count until the
metering point gives it a factor.
"""

from domain.decoding.codec import Context, Decoded, Notice, Payload, Snapshot
from domain.decoding.refusals import malformed, too_short, unknown_f_port
from domain.observation import Reading, gauge, register, state

_COMMAND_PORT, _MEASUREMENT_PORT = 1, 2
_VALUE, _REFUSED = 0x01, 0x02
_BUILD, _VOLTAGE, _TEMPERATURE, _STATUS, _READING = 0x03, 0x06, 0x0A, 0x20, 0x21
_LENGTHS = {_BUILD: 6, _VOLTAGE: 1, _TEMPERATURE: 2, _STATUS: 1, _READING: 4}
_SETTINGS = {
    0x22: ("reporting_interval_min", 2),
    0x23: ("reporting_interval_min", 2),
    0x25: ("starting_value", 4),
    0x27: ("backflow", 4),
    0x2B: ("q3_max_flow", 2),
    0x2C: ("leak_window", 1),
    0x2D: ("leak_zero_tolerance", 1),
}
"""Name and length of what only an answer carries; two modules of the family keep the interval at different places."""
_HEAD = 2
_NO_STATUS = (state("device.status_word", "", 0),)


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the module sends nothing in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: the port is not the module's, or an index is unknown or cut short.
    """
    del context
    f_port, data = payload.f_port, payload.data
    if f_port not in {_COMMAND_PORT, _MEASUREMENT_PORT}:
        raise unknown_f_port(f_port)
    if len(data) < _HEAD:
        raise too_short(len(data), _HEAD)
    readings: dict[str, Reading] = {}
    attributes: dict[str, str] = {}
    notices: list[Notice] = []
    position = 0
    while position < len(data):
        position = _read_value(data, position, readings, attributes, notices)
    found = tuple(readings.values())
    if "meter.pulse_count" in readings and "device.status_word" not in readings and f_port == _MEASUREMENT_PORT:
        found += _NO_STATUS  # a measurement without a status has none to tell, says the published decoder
    return Decoded((Snapshot(found),) if found else (), attributes, tuple(notices))


def _read_value(
    data: bytes, position: int, readings: dict[str, Reading], attributes: dict[str, str], notices: list[Notice]
) -> int:
    """Take the value at ``position``; return where the next one begins."""
    begin = position + _HEAD
    if begin > len(data):
        raise too_short(len(data), begin)
    kind, index = data[position], data[position + 1]
    if kind == _REFUSED:
        notices.append(Notice("command_refused", f"0x{index:02x}"))
        return begin
    end = begin + _length(kind, index)
    if end > len(data):
        raise too_short(len(data), end)
    value = int.from_bytes(data[begin:end])
    if index in _SETTINGS:
        attributes[f"config.{_SETTINGS[index][0]}"] = str(value)
    elif index == _BUILD:
        attributes["firmware"] = data[begin:end].hex()
    else:
        reading = _reading(index, value)
        readings[reading.measurand] = reading
    return end


def _length(kind: int, index: int) -> int:
    if index in _SETTINGS and kind == _VALUE:
        return _SETTINGS[index][1]
    if kind != _VALUE or index not in _LENGTHS:
        raise malformed(f"value 0x{index:02x} of type 0x{kind:02x} is unknown")
    return _LENGTHS[index]


def _reading(index: int, value: int) -> Reading:
    if index == _READING:
        return register("meter.pulse_count", "", value)
    if index == _STATUS:
        return state("device.status_word", "", value)
    if index == _VOLTAGE:
        return gauge("device.battery.voltage", "", value * 25 / 1000)
    return gauge("device.temperature", "", value / 100 - 50)
