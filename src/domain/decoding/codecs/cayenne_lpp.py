"""Cayenne LPP (Low Power Payload): a list of values, each with the number of a data channel and a type.

Sources: myDevices, "Cayenne Low Power Payload"; further types, by the numbers of IPSO smart objects less 3200, as
ElectronicCats/CayenneLPP writes them. Numbers are big-endian, on whatever port.

A reading of data channel N has channel ``chN``; only a position has none, for a device is at one place. A value whose
type has no measurand, or no unit (analog, digital), is noted, unless the registry gives ``chN`` a measurand of kind
gauge or state: then it is that, without channel, in the unit of the measurand.
"""

from collections.abc import Mapping
from struct import Struct

from domain.decoding.codec import Context, Decoded, Notice, Payload, Snapshot, Undecodable
from domain.decoding.refusals import too_short
from domain.observation import MEASURANDS, Kind, Position, Reading, gauge, position, register, state

_HEAD = 2
_GPS, _ENERGY = 136, 131
_GPS_STEP = 1_000
"""Steps of a position in 10^-4 deg."""
_VALUES: dict[int, tuple[str, Struct, int]] = {
    0: ("digital_input", Struct(">B"), 1),
    1: ("digital_output", Struct(">B"), 1),
    2: ("analog_input", Struct(">h"), 100),
    3: ("analog_output", Struct(">h"), 100),
    100: ("generic_sensor", Struct(">I"), 1),
    101: ("illuminance_lx", Struct(">H"), 1),
    102: ("presence", Struct(">B"), 1),
    103: ("temperature_c", Struct(">h"), 10),
    104: ("humidity_percent", Struct(">B"), 2),
    113: ("acceleration_g", Struct(">hhh"), 1_000),
    115: ("pressure_hpa", Struct(">H"), 10),
    116: ("voltage_v", Struct(">H"), 100),
    117: ("current_a", Struct(">H"), 1_000),
    118: ("frequency_hz", Struct(">I"), 1),
    120: ("percentage", Struct(">B"), 1),
    121: ("altitude_m", Struct(">h"), 1),
    125: ("concentration_ppm", Struct(">H"), 1),
    128: ("power_w", Struct(">H"), 1),
    130: ("distance_m", Struct(">I"), 1_000),
    _ENERGY: ("energy_kwh", Struct(">I"), 1_000),
    132: ("direction_deg", Struct(">H"), 1),
    133: ("unix_time_s", Struct(">I"), 1),
    134: ("rotation_deg_s", Struct(">hhh"), 100),
    135: ("colour", Struct(">BBB"), 1),
    _GPS: ("gps", Struct(">9s"), 1),
    142: ("switch", Struct(">B"), 1),
}
"""By type: its name, its form, and into how many parts the unit is divided."""
_GAUGES = {
    103: "device.temperature",
    116: "electricity.voltage",
    117: "electricity.current",
    128: "electricity.power.active",
    132: "motion.heading",
}
_SWITCHES = frozenset((0, 142))
_STATES = {0: False, 1: True}


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; nothing comes in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: a type is unknown, so that nobody knows where the next value is; or the last value was cut.
    """
    del context
    data, registers = payload.data, payload.facts.registers
    if not data:
        raise too_short(0, _HEAD)
    readings: dict[tuple[str, str], Reading] = {}
    notices: list[Notice] = []
    at = 0
    while at < len(data):
        number, kind, values, at = _value(data, at)
        found = _reading(number, kind, values, registers)
        if isinstance(found, Notice):
            notices.append(found)
        elif readings.setdefault((found.measurand, found.channel), found) is not found:
            notices.append(Notice("value_repeated", f"ch{number} {_VALUES[kind][0]}"))
    return Decoded((Snapshot(tuple(readings.values())),) if readings else (), {}, tuple(notices))


def _value(data: bytes, at: int) -> tuple[int, int, tuple[int, ...], int]:
    """Return data channel, type and numbers of the value at ``at``, and where the next one is."""
    if at + _HEAD > len(data):
        raise too_short(len(data), at + _HEAD)
    number, kind = data[at], data[at + 1]
    known = _VALUES.get(kind)
    if known is None:
        message = f"data type {kind} of channel {number} is unknown"
        raise Undecodable("data_type_unknown", message, data_type=str(kind), channel=str(number))
    end = at + _HEAD + known[1].size
    if end > len(data):
        raise too_short(len(data), end)
    if kind == _GPS:
        place = data[at + _HEAD : end]
        return number, kind, tuple(int.from_bytes(place[i : i + 3], "big", signed=True) for i in (0, 3, 6)), end
    return number, kind, known[1].unpack_from(data, at + _HEAD), end


def _reading(number: int, kind: int, values: tuple[int, ...], registers: Mapping[str, str]) -> Reading | Notice:
    if kind == _GPS:
        return _place(values)
    channel, first = f"ch{number}", values[0]
    if channel in registers and len(values) == 1:
        told = _told(registers[channel], first, _VALUES[kind][2])
        if told is not None:
            return told
    name = _GAUGES.get(kind)
    if name is not None:
        return gauge(name, channel, first / _VALUES[kind][2])
    if kind == _ENERGY:
        return register("electricity.energy.active.import", channel, first)
    if kind in _SWITCHES and first in _STATES:
        return state("device.switch", channel, _STATES[first])
    said, _, parts = _VALUES[kind]
    return Notice("value_without_measurand", f"{channel} {said} {', '.join(f'{each / parts:g}' for each in values)}")


def _place(values: tuple[int, ...]) -> Reading | Notice:
    """Return where the device is; 0/0 is where it has not been."""
    latitude, longitude, height_cm = values
    if not (latitude or longitude):
        return Notice("position_missing")
    return position("", Position(latitude * _GPS_STEP, longitude * _GPS_STEP, altitude_m=height_cm / 100))


def _told(measurand: str, value: int, parts: int) -> Reading | None:
    """Return ``value`` as what the registry says it is; None: that is nothing such a value can be."""
    row = MEASURANDS.get(measurand)
    if row is not None and row.kind is Kind.GAUGE:
        return gauge(measurand, "", value / parts)
    if row is not None and row.kind is Kind.STATE and parts == 1 and value in _STATES:
        return state(measurand, "", _STATES[value])
    return None
