"""What the meter measures (ports 1 to 10).

Source: as the package. The total active power is in kW after the maker's decoder, yet a meter has sent 557537 beside
an apparent power of 557.666 kVA (thingsboard/data-converters, EM4301/ChirpStack/payload_03): firmware differs. What
else is in the frame decides; alone it is kW, unless no rail meter could carry it.
"""

from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.yobiiq_em4301.types import (
    ANGLES,
    ATTRIBUTES,
    GAUGES,
    INDEX,
    LOGGED_TIME,
    REGISTERS,
    TIME,
    TOTAL_POWER,
)
from domain.decoding.refusals import malformed, too_short
from domain.observation import Reading, gauge, register, state
from domain.rfc3339 import NS_PER_S

_HEAD = 2
_BUS_CHANNEL, _BUS_ERROR = 0x0B, 0x0A
_CONNECTED = tuple(state("meter.connected", "", on) for on in (False, True))
_POWER, _APPARENT = "electricity.power.active", "electricity.power.apparent"
_KILO = 1000
_MOST_KW = 10_000
"""Ten megawatts, the end of the plausible range."""
_ROUNDING = 1.01
_PHASES = ("l1", "l2", "l3")


def measurements(data: bytes) -> Decoded:
    """Return what the fields in ``data`` say, at the time of the reading, else of the frame.

    Raises:
        Undecodable: a field is cut short, or none is known.
    """
    fields = _Fields(data)
    fields.read()
    if not fields.understood:
        raise malformed(f"no known field in {data.hex()}")
    if fields.total is not None:
        watts = _watts(fields.total, fields.readings)
        fields.readings[_POWER, "sum"] = gauge(_POWER, "sum", watts)
    readings = tuple(fields.readings.values())
    device_ns = None if fields.time_s is None else fields.time_s * NS_PER_S
    return Decoded((Snapshot(readings, device_ns),) if readings else (), fields.attributes, tuple(fields.notices))


class _Fields:
    """What the fields say."""

    def __init__(self, data: bytes) -> None:
        self.readings: dict[tuple[str, str], Reading] = {}
        self.attributes: dict[str, str] = {}
        self.notices: list[Notice] = []
        self.time_s: int | None = None
        """When the values were read, by the meter's clock; what the data logger says counts before the frame's time."""
        self.total: int | None = None
        self.understood = 0
        self._data = data
        self._is_logged = False

    def read(self) -> None:
        """Read all fields; behind an unknown type, whose length is unknown, nothing can be read."""
        data, position = self._data, 0
        while position < len(data):
            start = position + _HEAD
            if len(data) < start:
                raise too_short(len(data), start)
            kind = data[position + 1]
            if data[position] == _BUS_CHANNEL and kind == _BUS_ERROR:
                position = self._end(start, 1)
                self._bus_error(data[start])
            elif kind in REGISTERS:
                position = self._register(kind, start)
            elif kind in GAUGES:
                position = self._gauge(kind, start)
            else:
                end = self._other(kind, start)
                if end == start:
                    self.notices.append(Notice("field_unknown", data[position:].hex()))
                    return
                position = end
            self.understood += 1

    def _end(self, start: int, length: int) -> int:
        end = start + length
        if len(self._data) < end:
            raise too_short(len(self._data), end)
        return end

    def _register(self, kind: int, start: int) -> int:
        unpack, length, name, channel, steps = REGISTERS[kind]
        end = self._end(start, length)
        self.readings[name, channel] = register(name, channel, unpack(self._data, start)[0] * steps, -4)
        return end

    def _gauge(self, kind: int, start: int) -> int:
        unpack, length, name, channel, counts = GAUGES[kind]
        end = self._end(start, length)
        self.readings[name, channel] = gauge(name, channel, unpack(self._data, start)[0] / counts)
        return end

    def _other(self, kind: int, start: int) -> int:
        """Read what is neither register nor gauge; return its end, which is ``start`` if it is unknown."""
        if kind in {INDEX, TIME, LOGGED_TIME, TOTAL_POWER}:
            end = self._end(start, 4)
            self._number(kind, int.from_bytes(self._data[start:end]))
        elif kind in ANGLES:
            end = self._end(start, 2)
            angle = int.from_bytes(self._data[start:end], signed=True) / 100
            self.notices.append(Notice("phase_angle", f"{ANGLES[kind]} {angle} deg"))
        elif kind in ATTRIBUTES:
            name, length, text = ATTRIBUTES[kind]
            end = self._end(start, length)
            self.attributes[name] = text(self._data[start:end])
        else:
            end = start
        return end

    def _number(self, kind: int, number: int) -> None:
        if kind == TOTAL_POWER:
            self.total = number
        elif kind == LOGGED_TIME or (kind == TIME and not self._is_logged):
            self.time_s, self._is_logged = number, kind == LOGGED_TIME

    def _bus_error(self, code: int) -> None:
        self.readings["meter.connected", ""] = _CONNECTED[code == 0]
        if code:
            self.notices.append(Notice("modbus_error", str(code)))


def _watts(total: int, readings: dict[tuple[str, str], Reading]) -> float:
    """Return the total power in W, whichever of kW and W the meter has sent."""
    apparent = readings.get((_APPARENT, "sum"))
    phases = [reading.value for phase in _PHASES if (reading := readings.get((_POWER, phase)))]
    kilowatts = total <= _MOST_KW
    if apparent is not None and isinstance(apparent.value, float):
        kilowatts = total * _KILO <= apparent.value * _ROUNDING
    elif len(phases) == len(_PHASES):
        by_phase = abs(sum(value for value in phases if isinstance(value, float)))
        kilowatts = abs(total * _KILO - by_phase) <= abs(total - by_phase)
    return float(total * _KILO if kilowatts else total)
