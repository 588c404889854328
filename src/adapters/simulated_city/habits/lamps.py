"""A street lamp with a UL20xx: what it used, and now and then how it is; at once when it fails.

Half of the lamps hang on a circuit that is switched with the night: by day they have no power, and at dusk they join
all at once. The others are dimmed to nothing, and go on speaking.
"""

from adapters.simulated_city.climate import outdoor_temperature
from adapters.simulated_city.day_curve import NIGHT
from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.encoders import nas_ul20xx as ul20xx
from adapters.simulated_city.frame import Frame, Meaning

_NS = 1_000_000_000
_STATUS_EVERY, _STATUS_AT = 12, 4
_HOUR_S, _DAY_S = 3_600, 86_400
_BRIGHT = 219
"""Raw value of the light sensor by day."""
_PROFILE, _PROFILE_VERSION = 3, 3
_ENERGY_EXPONENT, _STEPS_A_WH = -4, 10_000
"""Registers of energy count 10^-4 Wh; the controller counts Wh."""
_DRIVER, _DRIVER_CHANNEL = ul20xx.dali(0), "dali0"
_INTERNAL = "internal"


def is_dark(seconds: int) -> bool:
    """Say whether the city's lamps burn at ``seconds`` (since 1970-01-01 UTC)."""
    return NIGHT.at(seconds) > 0


def is_switched(device: CityDevice) -> bool:
    """Say whether it has power by night only."""
    return device.fleet.name == "lamps" and bool(device.traits >> 10 & 1)


def lamp_frame(device: CityDevice, network_ns: int, opens: bool) -> Frame:  # noqa: ARG001, FBT001  the Habit's shape
    """Return what the controller sends at ``network_ns``."""
    seconds = network_ns // _NS
    if device.sent in (device.fate.fault_at, device.fate.fault_until):
        return _alert(device, network_ns)
    if device.f_cnt % _STATUS_EVERY == _STATUS_AT:
        return _status(device, seconds)
    return _usage(device, network_ns)


def _has_failed(device: CityDevice) -> bool:
    return bool(device.fault_since_s) and not device.fault_until_s


def _usage(device: CityDevice, network_ns: int) -> Frame:
    seconds = network_ns // _NS
    full_w = 18 + device.traits % 60
    on_s = _burned_s(device, seconds)
    energy_wh = full_w * on_s // _HOUR_S
    power_w = 0 if _has_failed(device) else full_w * NIGHT.at(seconds) // NIGHT.highest
    meanings: tuple[Meaning, ...] = (
        ("electricity.energy.active.import", _INTERNAL, network_ns, energy_wh * _STEPS_A_WH, _ENERGY_EXPONENT),
        ("electricity.power.active", _INTERNAL, network_ns, float(power_w), 0),
        ("lamp.on_time", _INTERNAL, network_ns, on_s, 0),
    )
    return Frame(ul20xx.USAGE_PORT, ul20xx.usage_with_on_time(ul20xx.INTERNAL, energy_wh, power_w, on_s), meanings)


def _burned_s(device: CityDevice, seconds: int) -> int:
    """Return how long the lamp has burned, at full light; not while it was broken."""
    burned = NIGHT.since_installation(seconds)
    if device.fault_since_s:
        mended = min(seconds, device.fault_until_s or seconds)
        burned -= NIGHT.since_installation(mended) - NIGHT.since_installation(device.fault_since_s)
    return burned // NIGHT.highest


def _alert(device: CityDevice, network_ns: int) -> Frame:
    """Return that the lamp has failed, or that it burns again."""
    failed, lit = _has_failed(device), is_dark(network_ns // _NS)
    byte = ul20xx.driver_status(lamp_on=lit and not failed, lamp_failure=failed)
    meanings: tuple[Meaning, ...] = (
        ("lamp.fault", f"driver.{_DRIVER_CHANNEL}", network_ns, False, 0),
        ("lamp.fault", f"lamp.{_DRIVER_CHANNEL}", network_ns, failed, 0),
        ("lamp.on", _DRIVER_CHANNEL, network_ns, lit and not failed, 0),
        ("device.status_word", _DRIVER_CHANNEL, network_ns, byte, 0),
    )
    return Frame(ul20xx.ALERT_PORT, ul20xx.driver_alert(_DRIVER, byte), meanings)


def _status(device: CityDevice, seconds: int) -> Frame:
    """Return how the controller is, by its own clock."""
    dim_percent = 100 * NIGHT.at(seconds) // NIGHT.highest
    ldr = 0 if dim_percent else _BRIGHT
    rssi, snr, temperature = -60 - device.traits % 40, 4, outdoor_temperature(seconds) + 3
    latched = bool(device.fault_since_s) and seconds - (device.fault_until_s or seconds) < _DAY_S
    health = ul20xx.status(seconds, rssi, snr, temperature, ldr, lamp_error=latched)
    states: tuple[tuple[str, str, bool | float | str], ...] = (
        ("device.clock_synchronized", "", True),
        ("lamp.fault", "bus", False),
        ("lamp.fault", "controller", False),
        *(("device.switch", channel, False) for channel in ("ldr", "dig", "relay", "open_drain")),
        ("radio.downlink.rssi", "", float(rssi)),
        ("radio.downlink.snr", "", float(snr)),
        ("device.temperature", "", float(temperature)),
        ("electricity.alarm", "voltage.latched", "ok"),
        ("lamp.fault", "lamp.latched", latched),
        ("electricity.alarm", "power.latched", "ok"),
        ("electricity.alarm", "power_factor.latched", "ok"),
        ("lamp.ambient_light.raw", "", float(ldr)),
        ("lamp.dim_level", "dali_all", float(dim_percent)),
    )
    payload = health + ul20xx.profile(_PROFILE, _PROFILE_VERSION, ul20xx.BROADCAST, dim_percent)
    event_ns = seconds * _NS
    return Frame(
        ul20xx.STATUS_PORT, payload, tuple([(name, channel, event_ns, value, 0) for name, channel, value in states])
    )
