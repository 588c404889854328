"""A water meter with a UM30xx on its pulse output: the register, its age, and now and then the reader's health."""

from zlib import crc32

from adapters.simulated_city.climate import outdoor_temperature
from adapters.simulated_city.day_curve import INSTALLED_S
from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.encoders import nas_um30xx as um30xx
from adapters.simulated_city.frame import Frame, Meaning
from adapters.simulated_city.habits.taps import used_litres

_NS = 1_000_000_000
_EXPONENT = -3
"""Registers of volume count millilitres."""
_ML_A_LITRE = 1_000
_CHANNEL = "pulse1"
_STATUS_EVERY, _STATUS_AT = 12, 7
_AGES_MINUTES = (0, 0, 0, 3, 12, 45, 105, 360)
"""How long before the frame the register was read; the device's scale is quarters of an hour beyond an hour."""
_BATTERY_YEARS, _YEAR_S = 12, 366 * 86_400
_CELLAR = 8
"""°C that a cellar does not fall below."""
_SPAN = 2
"""°C that the day's extremes lie from now."""
_TX_POWER = 14
_FIRST_SERIAL, _METERS = 30_000_000, 10_000_000
"""Numbers of the first meters, and between two generations of them."""


def water_frame(device: CityDevice, network_ns: int, opens: bool) -> Frame:  # noqa: ARG001, FBT001  the Habit's shape
    """Return what the reader sends at ``network_ns``."""
    age = _age_minutes(device, network_ns // _NS)
    factor_power = device.traits & 1
    pulses = _litres(device, network_ns // _NS - age * 60) // 10**factor_power
    meanings = _register(pulses, factor_power, network_ns, age)
    if device.f_cnt % _STATUS_EVERY == _STATUS_AT:
        return _status(device, network_ns, age, pulses, meanings)
    payload = um30xx.usage(age, pulses, factor_power=factor_power, closed=_closed(pulses))
    return Frame(um30xx.USAGE_PORT, payload, meanings)


def _age_minutes(device: CityDevice, seconds: int) -> int:
    """Return how long before ``seconds`` the register was read; a meter just installed was not read before that."""
    age = _AGES_MINUTES[crc32(b"%d %d" % (device.traits, device.f_cnt)) & 7]
    return age if seconds - age * 60 >= device.metered_since_s else 0


def meter_number(device: CityDevice) -> str:
    """Return what stands on the meter that the reader counts for now."""
    return f"{_FIRST_SERIAL + device.meter * _METERS + device.index:08d}"


def _litres(device: CityDevice, seconds: int) -> int:
    """Return what ran through the present meter up to ``seconds`` (since 1970-01-01 UTC); a new one began at zero."""
    since = device.metered_since_s
    return used_litres(device, seconds) - (used_litres(device, since) if since else 0)


def _closed(pulses: int) -> bool:
    """Return whether the magnet of the pulse wheel rests at the contact."""
    return bool(pulses & 1)


def _register(pulses: int, factor_power: int, network_ns: int, age: int) -> tuple[Meaning, ...]:
    """Return what every packet means: the register when it was read, the reader's own state when it was sent."""
    read_ns = network_ns - age * 60 * _NS
    millilitres = pulses * 10**factor_power * _ML_A_LITRE
    return (
        ("water.volume", _CHANNEL, read_ns, millilitres, _EXPONENT),
        ("meter.pulse_count", _CHANNEL, read_ns, pulses, 0),
        ("device.switch", _CHANNEL, read_ns, _closed(pulses), 0),
        ("meter.reading_age", "", network_ns, float(age * 60), 0),
        ("device.alarm", "trigger1", network_ns, False, 0),
        ("device.alarm", "trigger2", network_ns, False, 0),
        ("device.battery.low", "", network_ns, False, 0),
    )


def _status(device: CityDevice, network_ns: int, age: int, pulses: int, usage: tuple[Meaning, ...]) -> Frame:
    seconds = network_ns // _NS
    years = max(0, _BATTERY_YEARS - (seconds - INSTALLED_S) // _YEAR_S)
    centivolts = 300 + 6 * years
    temperature = max(_CELLAR, outdoor_temperature(seconds))
    rssi, snr = -60 - (device.traits >> 12) % 40, 2 * ((device.traits >> 9) % 8) - 4
    serial = meter_number(device)
    payload = um30xx.status(
        age,
        pulses,
        factor_power=device.traits & 1,
        closed=_closed(pulses),
        serial=serial,
        health=um30xx.Health(
            years * 12, centivolts, temperature, temperature - _SPAN, temperature + _SPAN, rssi, snr, _TX_POWER
        ),
    )
    health = (
        ("device.battery.remaining", "", float(years)),
        ("device.battery.voltage", "", centivolts / 100),
        ("device.temperature", "", float(temperature)),
        ("device.temperature", "min", float(temperature - _SPAN)),
        ("device.temperature", "max", float(temperature + _SPAN)),
        ("radio.downlink.rssi", "", float(rssi)),
        ("radio.downlink.snr", "", float(snr)),
        ("radio.tx_power", "", float(_TX_POWER)),
    )
    state: tuple[Meaning, ...] = tuple([(name, channel, network_ns, value, 0) for name, channel, value in health])
    identity: Meaning = ("meter.identity", _CHANNEL, network_ns - age * 60 * _NS, serial, 0)
    return Frame(um30xx.STATUS_PORT, payload, (*usage, *state, identity))
