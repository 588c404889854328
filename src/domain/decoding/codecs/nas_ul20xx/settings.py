"""Settings of dimming, reports, alerts and the controller itself (port 50)."""

from struct import Struct

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded, Notice
from domain.decoding.codecs.nas_ul20xx.clock import clock_ns
from domain.decoding.codecs.nas_ul20xx.inputs import yes_or_no
from domain.decoding.refusals import malformed
from domain.rfc3339 import format_rfc3339

_FADES_S = (
    *("0.5", "0.71", "1", "1.41", "2", "2.83", "4", "5.66"),
    *("8", "11.31", "16", "22.63", "32", "45.25", "64", "90.51"),
)
"""Seconds by code: DALI fade times (IEC 62386-102), and the vendor's 0.5 s for code 0."""
_IGNORE = 0xFF
_NO_VOLTAGE = 0xFF
_METERING_ALERT = Struct("<BHHHHB")
"""Kind; least and greatest power (W) and voltage (V); least power factor (hundredths)."""
_METERING_ALERT_KIND = 0x01
_OFF, _OFF_LONG = 0xFF, 0xFFFF
_DELAY_STEP_S, _LIMIT_STEP_S = 5, 60
_LUMALINK = ("never_advertise", "first_commission", "every_boot", "always")
_INTERFACE_TYPES = {0: "dali", 1: "analog_0_10v", 0xFE: "not_supported", 0xFF: "factory_default"}


def status_interval(reader: ByteReader) -> Decoded:
    """Read how often a status is sent."""
    return Decoded((), {"config.status_interval_s": str(reader.u32())})


def usage_interval(reader: ByteReader) -> Decoded:
    """Read how often usage is sent, and at which voltage power is reckoned."""
    attributes = {"config.usage_interval_s": str(reader.u32())}
    volts = reader.u8()
    if volts != _NO_VOLTAGE:
        attributes["config.mains_voltage_v"] = str(volts)
    return Decoded((), attributes)


def clock(reader: ByteReader) -> Decoded:
    """Read to what the clock was set."""
    return _clock(reader.u32())


def clock_1_1(reader: ByteReader) -> Decoded:
    """Read to what the clock was set; zero asks the network for the time."""
    seconds = reader.u32()
    return _clock(seconds) if seconds else Decoded(notices=(Notice("network_time_requested"),))


def _clock(seconds: int) -> Decoded:
    instant = clock_ns(seconds)
    if instant is None:
        return Decoded(notices=(Notice("clock_invalid", str(seconds)),))
    return Decoded(notices=(Notice("clock_set", format_rfc3339(instant)),))


def boot_delay(reader: ByteReader) -> Decoded:
    """Read how long a start may be put off; the older packet has one byte for it."""
    seconds = reader.u8() if reader.left == 1 else reader.u16()
    return Decoded((), {"config.boot_delay_range_s": str(seconds)})


def status_led(reader: ByteReader) -> Decoded:
    """Read whether the controller's light shows its state."""
    return Decoded((), {"config.status_led_enabled": yes_or_no(reader.u8() & 1)})


def metering_alert(reader: ByteReader) -> Decoded:
    """Read beyond which values the controller's meter raises an alert."""
    kind, *limits, power_factor = reader.integers(_METERING_ALERT)
    if kind != _METERING_ALERT_KIND:
        raise malformed("limits of this kind are unknown")
    names = ("min_power_w", "max_power_w", "min_voltage_v", "max_voltage_v")
    attributes = {
        f"config.alert.{name}": "off" if limit == _OFF_LONG else str(limit)
        for name, limit in zip(names, limits, strict=True)
    }
    attributes["config.alert.min_power_factor"] = "off" if power_factor == _OFF else f"{power_factor / 100:g}"
    return Decoded((), attributes)


def legacy_defaults(reader: ByteReader) -> Decoded:
    """Read level without a profile, and which alerts are sent."""
    level, bits = reader.u8(), reader.u8()
    return Decoded(
        (),
        {
            "config.default_dim_percent": str(level),
            "config.ldr.alert_enabled": yes_or_no(bits & 0x01),
            "config.dig.alert_enabled": yes_or_no(bits & 0x04),
            "config.dali.alert_enabled": yes_or_no(bits & 0x08),
        },
    )


def defaults(reader: ByteReader) -> Decoded:
    """Read those of the defaults of firmware 1.0 that the packet has."""
    sent = reader.u8()
    attributes: dict[str, str] = {}
    if sent & 0x01:
        attributes["config.default_dim_percent"] = str(reader.u8())
    if sent & 0x02:
        level = reader.u8()
        attributes["config.max_dim_percent"] = "default" if level == _IGNORE else str(level)
    if sent & 0x04:
        attributes["config.fade_duration_s"] = _fade(reader)
    if sent & 0x08:
        attributes["config.switch_point"] = "sunset" if reader.u8() & 1 else "twilight"
    if sent & 0x10:
        attributes["config.legacy_mode_enabled"] = yes_or_no(reader.u8() & 1)
    return Decoded((), attributes, () if attributes else (Notice("configuration_empty"),))


def fade(reader: ByteReader) -> Decoded:
    """Read how long a change of level takes."""
    return Decoded((), {"config.fade_duration_s": _fade(reader)})


def _fade(reader: ByteReader) -> str:
    code = reader.u8()
    if code == _IGNORE:
        return "ignore"
    if code >= len(_FADES_S):
        raise malformed("a fade has no such duration")
    return _FADES_S[code]


def fallback_level(reader: ByteReader) -> Decoded:
    """Read the level if nothing else commands one."""
    return Decoded((), {"config.fallback_dim_percent": str(reader.u8())})


def dali_monitor(reader: ByteReader) -> Decoded:
    """Read how the drivers are watched."""
    bits, seconds = reader.u8(), reader.u16()
    return Decoded(
        (),
        {
            "config.dali.alert_enabled": yes_or_no(bits & 0x01),
            "config.dali.correct_level": yes_or_no(bits & 0x02),
            "config.dali.periodic_bus_scan": yes_or_no(bits & 0x04),
            "config.dali.monitoring_interval_s": str(seconds) if seconds else "disabled",
        },
    )


def dim_notification(reader: ByteReader) -> Decoded:
    """Read after how long changes of level are told."""
    delay, limit = reader.u8(), reader.u8()
    return Decoded(
        (),
        {
            "config.dim_notify.random_delay_s": "disabled" if delay == _OFF else str(delay * _DELAY_STEP_S),
            "config.dim_notify.packet_limit_s": str(limit * _LIMIT_STEP_S),
        },
    )


def lumalink(reader: ByteReader) -> Decoded:
    """Read when the controller can be reached by Bluetooth."""
    mode = reader.u8()
    if mode >= len(_LUMALINK):
        raise malformed("there is no such access mode")
    return Decoded((), {"config.lumalink.access_mode": _LUMALINK[mode]})


def interface_type(reader: ByteReader) -> Decoded:
    """Read over what the lamps are driven."""
    name = _INTERFACE_TYPES.get(reader.u8())
    if name is None:
        raise malformed("there is no such interface")
    return Decoded((), {"config.interface_type": name})
