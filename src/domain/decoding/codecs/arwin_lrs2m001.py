"""Arwin LRS2M001 (4P3P and 4xxx): power monitor of four three-phase circuits with a supply of its own.

Source: the device repository of The Things Network (vendor/arwin-technology/lrs2m001-4p3p.js, and the examples of
lrs2m001-4xxx, whose older firmware writes the frequency in whole hertz). Port 10 carries the supply, ports 50 to 61
one phase of one circuit each, ports 8, 9, 16 and 17 the monitor's own facts. Numbers are big-endian.

The monitor judges voltage and current by thresholds of its own: they are alarms, not our plausibility.
"""

from struct import Struct

from domain.decoding.codec import Context, Decoded, Payload, Snapshot
from domain.decoding.refusals import too_long, too_short, unknown_f_port, unknown_packet
from domain.observation import Quality, Reading, gauge, register, state

_VERSION_PORT, _BATTERY_PORT, _SUPPLY_PORT, _LIMITS_PORT, _LATENCIES_PORT = 8, 9, 10, 16, 17
_FIRST_PHASE_PORT, _PHASES = 50, 3
_PACKET = 0x0A

_SUPPLY_FORM = Struct(">BHHHBHB")
"""Packet, voltages of three phases, frequency and events (24 bits), backup battery."""
_PHASE_FORM = Struct(">BHII")
"""Packet, events and current, power and power factor, energy."""
_VERSION_FORM = Struct(">BBH")
_BATTERY_FORM = Struct(">BBHHBI")
_LIMITS_FORM = Struct(">BHHHH")
_LATENCIES_FORM = Struct(">BHHB")

_EVENT_BITS, _EVENTS = 10, 0x3FF
_HEARTBEAT, _ON_BACKUP, _NO_METER, _BATTERY_LOW = 1 << 0, 1 << 1, 1 << 8, 1 << 9
_VOLTAGE_EVENTS = (6, 4, 2)
"""By phase: the bit of its under-voltage; that of its over-voltage is the next."""
_OVER_CURRENT = 1 << 14
_BUTTON = 1 << 15
_CURRENT, _POWER_BITS, _FACTOR = 0x3FFF, 10, 0x3FF
_POWER_SIGN, _POWER_RANGE = 1 << 21, 1 << 22
_WHOLE_HERTZ = 100
"""A smaller number cannot be hundredths of a hertz."""
_HUNDRED_WH = 10**6
"""In steps of the register, 10^-4 W.h."""
_TENTHS = 0x8000
"""Of the over-current limit: it counts 0.1 A."""

_CHANNELS = tuple(f"ch{circuit}.l{phase}" for circuit in range(1, 5) for phase in range(1, 4))
"""By port, from the first phase port."""
_OVER = tuple(tuple(state("electricity.alarm", f"{c}.current", word) for word in ("ok", "over")) for c in _CHANNELS)
_VOLTAGE_ALARMS = tuple(
    tuple(state("electricity.alarm", f"l{phase}.voltage", word) for word in ("ok", "under", "over", "outside"))
    for phase in range(1, 4)
)
_HEARD = tuple(state("device.alarm", "button", on) for on in (False, True))
_POWERED = tuple(state("device.powered", "", on) for on in (False, True))
_CONNECTED = tuple(state("meter.connected", "", on) for on in (False, True))
_LOW = tuple(state("device.battery.low", "", on) for on in (False, True))


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the monitor sends nothing in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: port, packet or length are not the monitor's.
    """
    del context
    data, f_port = payload.data, payload.f_port
    index = f_port - _FIRST_PHASE_PORT
    if 0 <= index < len(_CHANNELS):
        return _circuit(_numbers(_PHASE_FORM, data, f_port), index)
    if f_port == _SUPPLY_PORT:
        return _supply(_numbers(_SUPPLY_FORM, data, f_port))
    if f_port == _VERSION_PORT:
        return Decoded(attributes={"firmware": _version(_of_form(_VERSION_FORM, data))})
    if f_port == _BATTERY_PORT:
        return _battery(_of_form(_BATTERY_FORM, data))
    if f_port == _LIMITS_PORT:
        return _limits(_numbers(_LIMITS_FORM, data, f_port))
    if f_port == _LATENCIES_PORT:
        return _latencies(_numbers(_LATENCIES_FORM, data, f_port))
    raise unknown_f_port(f_port)


def _of_form(form: Struct, data: bytes) -> tuple[int, ...]:
    if len(data) < form.size:
        raise too_short(len(data), form.size)
    if len(data) > form.size:
        raise too_long(len(data), form.size)
    return form.unpack(data)


def _numbers(form: Struct, data: bytes, f_port: int) -> tuple[int, ...]:
    """Return the numbers behind the packet's type, which is always the same."""
    numbers = _of_form(form, data)
    if numbers[0] != _PACKET:
        raise unknown_packet(numbers[0], f_port)
    return numbers


def _supply(numbers: tuple[int, ...]) -> Decoded:
    """Read voltages, frequency and events; without its meter the monitor has nothing to measure with."""
    low = numbers[5]
    events = low & _EVENTS
    frequency = (numbers[4] << 16 | low) >> _EVENT_BITS
    quality = (Quality.DEVICE_FLAGGED if events & _NO_METER else Quality.MEASURED).value
    readings = [
        gauge("electricity.voltage", f"l{phase}", numbers[phase] / 10, quality) for phase in range(1, 1 + _PHASES)
    ]
    hertz = float(frequency) if frequency < _WHOLE_HERTZ else frequency / 100
    readings.append(gauge("electricity.frequency", "", hertz, quality))
    for alarms, bit in zip(_VOLTAGE_ALARMS, _VOLTAGE_EVENTS, strict=True):
        readings.append(alarms[events >> bit & 3])
    readings += (
        _HEARD[events & _HEARTBEAT],
        _POWERED[not events & _ON_BACKUP],
        _CONNECTED[not events & _NO_METER],
        _LOW[bool(events & _BATTERY_LOW)],
        gauge("device.battery.level", "", numbers[6]),
    )
    return Decoded((Snapshot(tuple(readings)),))


def _circuit(numbers: tuple[int, ...], index: int) -> Decoded:
    """Read one phase of one circuit; power is positive towards the customer."""
    _, events, power, energy = numbers
    channel = _CHANNELS[index]
    watts = power >> _POWER_BITS
    if watts & _POWER_SIGN:
        watts -= _POWER_RANGE
    readings: tuple[Reading, ...] = (
        gauge("electricity.current", channel, (events & _CURRENT) / 10),
        gauge("electricity.power.active", channel, watts / 10),
        gauge("electricity.power_factor", channel, (power & _FACTOR) / 1000),
        register("electricity.energy.active.import", channel, energy * _HUNDRED_WH, -4),
        _OVER[index][bool(events & _OVER_CURRENT)],
        _HEARD[bool(events & _BUTTON)],
    )
    return Decoded((Snapshot(readings),))


def _battery(numbers: tuple[int, ...]) -> Decoded:
    *version, millivolts, percent, uplinks = numbers
    readings = (
        gauge("device.battery.voltage", "", millivolts / 1000),
        gauge("device.battery.level", "", percent),
        register("device.message_count", "up", uplinks),
    )
    return Decoded((Snapshot(readings),), {"firmware": _version(tuple(version))})


def _version(numbers: tuple[int, ...]) -> str:
    """Return the version as the maker writes it, 1.00.001."""
    major, minor, patch = numbers
    return f"{major}.{minor:02d}.{patch:03d}"


def _limits(numbers: tuple[int, ...]) -> Decoded:
    _, minutes, under, over, current = numbers
    amperes = f"{(current & ~_TENTHS) / 10:g}" if current & _TENTHS else str(current)
    return Decoded(
        attributes={
            "config.upload_interval_min": str(minutes),
            "config.under_voltage_limit_v": str(under),
            "config.over_voltage_limit_v": str(over),
            "config.over_current_limit_a": amperes,
        }
    )


def _latencies(numbers: tuple[int, ...]) -> Decoded:
    _, over, normal, clears = numbers
    return Decoded(
        attributes={
            "config.over_current_latency_s": str(over),
            "config.normal_current_latency_s": str(normal),
            "config.alert_clear_uplink": "true" if clears else "false",
        }
    )
