"""Rivercity Innovations Lynx: a tracker for animals and things.

Source: the device repository of The Things Network (vendor/rivercity-innovations/lynx.js). Numbers are big-endian.

Temperatures below zero are read as two's complement of half degrees: the published decoder subtracts half of what it
must there, and would make 63.5 °C of -0.5 °C.
"""

from struct import Struct

from domain.decoding.codec import Context, Decoded, Notice, Payload, Snapshot
from domain.decoding.refusals import too_long, too_short, unknown_f_port
from domain.observation import Position, gauge, position, state

_POSITION_PORT, _VERSION_PORT, _SLEEP_PORT, _PERIPHERAL_PORT = 2, 3, 4, 5
_POSITION = Struct(">iiBBb")
"""Latitude and longitude (10^-6 deg); flags and battery; direction (360/255 deg); temperature (0.5 °C)."""
_VERSIONS = Struct(">8B")
_SLEEPS = Struct(">II")
_PERIPHERALS = Struct(">IB")
_IN_TRIP, _FIX_FAILED, _BATTERY_MASK = 0x80, 0x40, 0x3F
_LOWEST_BATTERY_DV = 20
_MICRODEGREE = 10
"""Steps of a position in 10^-6 deg."""

_MOVING = tuple(state("motion.moving", "", on) for on in (False, True))
_FIX = tuple(state("position.fix", "", on) for on in (False, True))


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the tracker sends nothing in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: the port or the length is not the tracker's.
    """
    del context
    data, f_port = payload.data, payload.f_port
    if f_port == _POSITION_PORT:
        return _position(data)
    if f_port == _VERSION_PORT:
        numbers = [f"{number:x}" for number in _integers(_VERSIONS, data)]
        return Decoded(attributes={"lorawan_version": ".".join(numbers[:4]), "firmware": ".".join(numbers[4:])})
    if f_port == _SLEEP_PORT:
        moving, idle = _integers(_SLEEPS, data)
        return Decoded(attributes={"config.sleep_moving_s": str(moving), "config.sleep_idle_s": str(idle)})
    if f_port == _PERIPHERAL_PORT:
        timeout, sensitivity = _integers(_PERIPHERALS, data)
        return Decoded(
            attributes={"config.gps_timeout_s": str(timeout), "config.acceleration_sensitivity": str(sensitivity)}
        )
    raise unknown_f_port(f_port)


def _position(data: bytes) -> Decoded:
    latitude, longitude, flags, direction, temperature = _integers(_POSITION, data)
    failed = bool(flags & _FIX_FAILED) or not (latitude or longitude)
    readings = [
        _MOVING[bool(flags & _IN_TRIP)],
        _FIX[not failed],
        gauge("device.battery.voltage", "", ((flags & _BATTERY_MASK) + _LOWEST_BATTERY_DV) / 10),
        gauge("device.temperature", "", temperature / 2),
    ]
    if failed:
        return Decoded((Snapshot(tuple(readings)),), {}, (Notice("position_missing"),))
    readings += (
        position("", Position(latitude * _MICRODEGREE, longitude * _MICRODEGREE)),
        gauge("motion.heading", "", direction * 360 / 255),
    )
    return Decoded((Snapshot(tuple(readings)),))


def _integers(form: Struct, data: bytes) -> tuple[int, ...]:
    """Return the integers of a message of exactly that form."""
    if len(data) < form.size:
        raise too_short(len(data), form.size)
    if len(data) > form.size:
        raise too_long(len(data), form.size)
    return form.unpack(data)
