"""The place somebody has set (port 50): of the lamp, and the rounded one for sunrise and sunset."""

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.nas_ul20xx.inputs import yes_or_no
from domain.decoding.codecs.nas_ul20xx.places import placed
from domain.decoding.codecs.nas_ul20xx.profiles import level_text
from domain.observation import Reading

_HUNDREDTH = 10**5
"""Steps of a position in a hundredth of a degree."""
_ROUNDED_M = 790.0
"""A place in hundredths of a degree is wrong by up to half of one, 557 m, each way: √2 · 557 m along the diagonal."""
_CLEARED = -1
_ZENITH_STEPS, _HORIZON = 6, 90
"""Angles of the sun are counted in sixths of a degree from the horizon."""


def calendar(reader: ByteReader) -> Decoded:
    """Read when lamps go on and off with the sun, and for which rounded place: never that of the lamp."""
    sunrise, sunset = reader.i8(), reader.i8()
    cleared = sunrise == sunset == _CLEARED
    attributes = {
        "config.calendar.sunrise_offset_min": "disabled" if cleared else str(sunrise),
        "config.calendar.sunset_offset_min": "disabled" if cleared else str(sunset),
    }
    return _with_place(_rounded_place(reader), attributes)


def calendar_1_1(reader: ByteReader) -> Decoded:
    """Read the levels at angles of the sun, and for which rounded place."""
    counts, bits = reader.u8(), reader.u8()
    found = _rounded_place(reader)
    attributes = {
        "config.calendar.prefers_location": yes_or_no(bits & 0x01),
        "config.calendar.clamps_profiles": yes_or_no(bits & 0x02),
        "config.calendar.clamps_dig": yes_or_no(bits & 0x04),
        "config.calendar.ignores_gnss": yes_or_no(bits & 0x08),
        "config.calendar.sunrise_steps": _zenith_steps(reader, counts & 0x0F),
        "config.calendar.sunset_steps": _zenith_steps(reader, counts >> 4),
    }
    return _with_place(found, attributes)


def _zenith_steps(reader: ByteReader, count: int) -> str:
    return ", ".join(_zenith_step(reader) for _ in range(count))


def _zenith_step(reader: ByteReader) -> str:
    angle = reader.i8() / _ZENITH_STEPS + _HORIZON
    return f"{angle:.2f} deg {level_text(reader.u8(), 'disabled')}"


def _rounded_place(reader: ByteReader) -> tuple[list[Reading], list[Notice]]:
    return placed(reader.i16() * _HUNDREDTH, reader.i16() * _HUNDREDTH, "configured", _ROUNDED_M)


def location(reader: ByteReader) -> Decoded:
    """Read where the lamp stands and its address, of firmware 1.0, which may send either alone."""
    sent = reader.u8()
    found = placed(reader.i32(), reader.i32(), "configured") if sent & 0x01 else None
    return _with_place(found, {"config.address": reader.text()} if sent & 0x02 else {})


def location_1_1(reader: ByteReader) -> Decoded:
    """Read where the lamp stands and its address, of firmware 1.1."""
    length = reader.u8()
    found = placed(reader.i32(), reader.i32(), "configured")
    address = reader.text(length)
    return _with_place(found, {"config.address": address} if address else {})


def _with_place(found: tuple[list[Reading], list[Notice]] | None, attributes: dict[str, str]) -> Decoded:
    readings, notices = found or ([], [])
    if not (readings or attributes or notices):
        notices = [Notice("configuration_empty")]
    return Decoded((Snapshot(tuple(readings)),) if readings else (), attributes, tuple(notices))
