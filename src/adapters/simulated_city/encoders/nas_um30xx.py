"""NAS UM30xx: a pulse reader on a water meter.

Source: nasys/nas-codecs, um30xx 4.0.x: packet types, alert bits, the scale of ages; all little-endian.
"""

from struct import Struct as Layout

from msgspec import Struct

USAGE_PORT = 25
STATUS_PORT = 24

_USAGE, _STATUS = 0x02, 0x82
_CONNECTED = 0x80
"""It heard a downlink within a day."""
_PULSE_1 = 0x01
_WATER = 2 << 4
_SERIAL_SENT = 0x02
_CLOSED = 0x01
_FACTOR_SHIFT = 2
_AN_HOUR, _FIRST_QUARTER, _QUARTER = 60, 60, 15
"""Ages below an hour count minutes; from code 60 on quarters of an hour."""
_BATTERY_FROM = 150
"""Centivolts."""
_SNR_FROM = -20

_HEAD = Layout("<BB")
_HEALTH = Layout("<BBbBBB")
_REGISTER = Layout("<BBBI")


class Health(Struct, frozen=True):
    """How the reader is."""

    battery_months: int
    battery_centivolts: int
    temperature: int
    """°C."""
    coldest: int
    """°C of the day, by an even number below now."""
    warmest: int
    """°C of the day, by an even number above now."""
    downlink_rssi: int
    """dBm, not above 0."""
    downlink_snr: int
    """dB, even, from -20."""
    tx_power: int
    """dBm, even."""


def usage(age_minutes: int, pulses: int, *, factor_power: int, closed: bool) -> bytes:
    """Return the register: ``pulses`` of 10^``factor_power`` litres, read ``age_minutes`` ago (less than a day)."""
    return _HEAD.pack(_USAGE, _CONNECTED) + _register(age_minutes, pulses, _bits(factor_power, closed=closed))


def status(age_minutes: int, pulses: int, *, factor_power: int, closed: bool, serial: str, health: Health) -> bytes:
    """Return the register with the serial number of its meter (eight digits), and how the reader is."""
    register = _register(age_minutes, pulses, _bits(factor_power, closed=closed) | _SERIAL_SENT)
    return _HEAD.pack(_STATUS, _CONNECTED) + _health(health) + register + bytes.fromhex(serial)[::-1]


def _health(health: Health) -> bytes:
    below, above = health.temperature - health.coldest, health.warmest - health.temperature
    return _HEALTH.pack(
        health.battery_months,
        health.battery_centivolts - _BATTERY_FROM,
        health.temperature,
        below // 2 | above // 2 << 4,
        -health.downlink_rssi,
        (health.downlink_snr - _SNR_FROM) // 2 | health.tx_power // 2 << 4,
    )


def _bits(factor_power: int, *, closed: bool) -> int:
    return _WATER | factor_power << _FACTOR_SHIFT | (_CLOSED if closed else 0)


def _register(age_minutes: int, pulses: int, bits: int) -> bytes:
    code = age_minutes if age_minutes < _AN_HOUR else _FIRST_QUARTER + age_minutes // _QUARTER
    return _REGISTER.pack(code, _PULSE_1, bits, pulses)
