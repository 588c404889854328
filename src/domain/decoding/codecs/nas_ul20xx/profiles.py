"""Dimming profiles and when they are in force (port 50)."""

from collections.abc import Callable

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded
from domain.decoding.codecs.nas_ul20xx.addresses import address_text
from domain.decoding.refusals import malformed

_DAYS = ("holiday", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NO_PROFILE = 0xFF
_STEPS_A_DAY = 24 * 6
"""Times of day are counted in ten minutes."""
_INACTIVE = 0xFF
_MONTHS, _LONGEST_MONTH = 12, 31


def profile(reader: ByteReader) -> Decoded:
    """Read a profile of firmware 1.0: steps to the end of the packet."""
    number, version = reader.u8(), reader.u8()
    head = {"version": str(version), **_where_and_when(reader)}
    return _profile(number, head, _steps(reader, reader.left // 2))


def profile_1_1(reader: ByteReader) -> Decoded:
    """Read a profile of firmware 1.1, which counts its steps."""
    number, count = reader.u8(), reader.u8()
    head = _where_and_when(reader)
    reader.u8()
    return _profile(number, head, _steps(reader, count))


def _where_and_when(reader: ByteReader) -> dict[str, str]:
    address, days = reader.u8(), reader.u8()
    return {
        "address": address_text(address, "all_devices"),
        "days": ",".join(day for bit, day in enumerate(_DAYS) if days >> bit & 1),
    }


def _profile(number: int, head: dict[str, str], steps: str) -> Decoded:
    prefix = f"config.profile.{'none' if number == _NO_PROFILE else number}"
    return Decoded((), {f"{prefix}.{name}": text for name, text in {**head, "steps": steps}.items()})


def _steps(reader: ByteReader, count: int) -> str:
    return ", ".join(f"{time_of_day(reader)} {level_text(reader.u8())}" for _ in range(count))


def time_of_day(reader: ByteReader) -> str:
    """Return a time of day as ``HH:MM``.

    Raises:
        Undecodable: no day has it.
    """
    step = reader.u8()
    if step >= _STEPS_A_DAY:
        raise malformed("a step is at no time of day")
    return f"{step // 6:02d}:{step % 6 * 10:02d}"


def level_text(level: int, all_ones: str = "inactive") -> str:
    """Return a level in words; ``all_ones`` is what 0xFF means there."""
    return all_ones if level == _INACTIVE else f"{level} %"


def holidays(reader: ByteReader) -> Decoded:
    """Read the holidays of firmware 1.0: months and days to the end of the packet."""
    return _holidays(reader, reader.left // 2)


def holidays_1_1(reader: ByteReader) -> Decoded:
    """Read the holidays of firmware 1.1, which counts them."""
    return _holidays(reader, reader.u8())


def _holidays(reader: ByteReader, count: int) -> Decoded:
    return Decoded((), {"config.holidays": ", ".join(_month_and_day(reader) for _ in range(count))})


def _month_and_day(reader: ByteReader) -> str:
    month, day = reader.u8(), reader.u8()
    if not (1 <= month <= _MONTHS and 1 <= day <= _LONGEST_MONTH):
        raise malformed("a holiday is on no day of the year")
    return f"{month:02d}/{day:02d}"


def open_drain_steps(reader: ByteReader) -> Decoded:
    """Read when the open-drain output is switched."""
    return Decoded((), {"config.open_drain.steps": _each(reader, _switching)})


def _switching(reader: ByteReader) -> str:
    return f"{time_of_day(reader)} {'on' if reader.u8() else 'off'}"


def _each(reader: ByteReader, read: Callable[[ByteReader], str]) -> str:
    found: list[str] = []
    while reader.left:
        found.append(read(reader))
    return ", ".join(found)
