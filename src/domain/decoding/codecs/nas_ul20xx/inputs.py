"""Settings of the controller's inputs (port 50): light sensor and digital input, of both firmwares."""

from math import isfinite

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded
from domain.decoding.codecs.nas_ul20xx.addresses import address_text
from domain.decoding.codecs.nas_ul20xx.profiles import level_text
from domain.decoding.refusals import malformed

_DISABLED, _DISABLED_LONG = 0xFF, 0xFFFF
_ALERT, _RISING = 0x04, 0x02
_UNUSED = 0xFF
_BRIGHTEST_LX = 1e6
"""Ten times the sun at noon."""


def light_thresholds(reader: ByteReader) -> Decoded:
    """Read at which raw values of the light sensor lamps go off and on."""
    high, low, bits = reader.u8(), reader.u8(), reader.u8()
    return Decoded(
        (),
        {
            "config.ldr.off_threshold_high": _or_disabled(high),
            "config.ldr.on_threshold_low": _or_disabled(low),
            "config.ldr.alert_enabled": yes_or_no(bits & _ALERT),
        },
    )


def digital_input(reader: ByteReader) -> Decoded:
    """Read what the digital input does."""
    seconds, bits, address, level = reader.u16(), reader.u8(), reader.u8(), reader.u8()
    return Decoded(
        (),
        {
            "config.dig.light_on_duration_s": "disabled" if seconds == _DISABLED_LONG else str(seconds),
            "config.dig.edge": "rising" if bits & _RISING else "falling",
            "config.dig.alert_enabled": yes_or_no(bits & _ALERT),
            "config.dig.address": address_text(address, "all_devices"),
            "config.dig.level": level_text(level, "disabled"),
        },
    )


def digital_input_1_1(reader: ByteReader) -> Decoded:
    """Read what the digital input does, of firmware 1.1."""
    index = reader.u8()
    if index == _UNUSED:
        return Decoded((), {"config.dig.enabled": "false"})
    bits, address, active, inactive = reader.u8(), reader.u8(), reader.u8(), reader.u8()
    on_delay, off_delay = reader.u16(), reader.u16()
    return Decoded(
        (),
        {
            "config.dig.enabled": str(index),
            "config.dig.mode": "button" if bits & 0x01 else "switch",
            "config.dig.polarity": "high_or_rising" if bits & 0x02 else "low_or_falling",
            "config.dig.notify_activation": yes_or_no(bits & 0x04),
            "config.dig.notify_inactivation": yes_or_no(bits & 0x08),
            "config.dig.source": "d4i_motion_sensor" if bits & 0x80 else "input",
            "config.dig.address": address_text(address, "all_devices"),
            "config.dig.active_level": level_text(active),
            "config.dig.inactive_level": level_text(inactive),
            "config.dig.on_delay_s": str(on_delay),
            "config.dig.off_delay_s": str(off_delay),
        },
    )


def light_sensor(reader: ByteReader) -> Decoded:
    """Read how lamps follow the light sensor, of firmware 1.1."""
    if reader.u8() == _UNUSED:
        return Decoded((), {"config.light_sensor": "disabled"})
    bits, seconds, address = reader.u8(), reader.u8(), reader.u8()
    steps: list[str] = []
    while reader.left:
        steps.append(f"{_lux_text(reader)} {level_text(reader.u8())}")
    return Decoded(
        (),
        {
            "config.light_sensor.notify_every_step": yes_or_no(bits & 0x01),
            "config.light_sensor.clamps_profile": yes_or_no(bits & 0x02),
            "config.light_sensor.clamps_dig": yes_or_no(bits & 0x04),
            "config.light_sensor.interpolate_steps": yes_or_no(bits & 0x08),
            "config.light_sensor.measurement_duration_s": str(seconds),
            "config.light_sensor.address": address_text(address, "all_devices"),
            "config.light_sensor.steps": ", ".join(steps),
        },
    )


def _lux_text(reader: ByteReader) -> str:
    lux = reader.f32()
    if not isfinite(lux) or not 0 <= lux <= _BRIGHTEST_LX:
        raise malformed("a step is at no illuminance")
    return f"{lux:.4g} lx"


def yes_or_no(bits: int) -> str:
    """Return a flag in words."""
    return "true" if bits else "false"


def _or_disabled(value: int) -> str:
    return "disabled" if value == _DISABLED else str(value)
