"""Meter objects: a number or a text with its OBIS code.

Sources: as the package. The group mask says which of the code's six value groups are sent.
"""

import re
from functools import lru_cache

from domain.decoding.codec import Notice
from domain.decoding.codecs.imst_ioke868.numbers import (
    AMPERE,
    HERTZ,
    VAR,
    VAR_HOUR,
    VOLT,
    VOLT_AMPERE,
    WATT,
    WATT_HOUR,
    Number,
    Obis,
    is_register,
    number,
)
from domain.decoding.codecs.imst_ioke868.readings import Readings, text_or_hex

_TEXT = 0x42
_HEADS = {0x40: 2, 0x41: 1}
"""Bytes between code and mantissa, by type of object: unit and scaler, or the scaler alone."""
_GROUP_BITS = (0x80, 0x40, 0x20, 0x10, 0x08, 0x04)
_ALL_GROUPS = 0xFC
_LENGTH_OF_ALL = 1 + len(_GROUP_BITS)
_WHOLE_HEADS = {kind: _LENGTH_OF_ALL + length for kind, length in _HEADS.items()}
"""Bytes before the mantissa, where all value groups are sent."""
_LONGEST_MANTISSA = 16
"""Meters send at most 64 bits; the reader pads."""
_IDENTITIES: frozenset[tuple[int | None, ...]] = frozenset(((96, 1), (0, 0)))
"""Device ID 1 and the utility's numbers."""

_NUMBER_WITH_UNIT = re.compile(r"([+-]?\d{1,18})(?:\.(\d{1,9}))?\*(\w+)", re.ASCII)
_NUMBER_ALONE = re.compile(rb"([+-]?\d{1,18})(?:\.(\d{1,9}))?")
_UNIT_WORDS = {
    "Wh": (WATT_HOUR, 0),
    "kWh": (WATT_HOUR, 3),
    "MWh": (WATT_HOUR, 6),
    "varh": (VAR_HOUR, 0),
    "kvarh": (VAR_HOUR, 3),
    "W": (WATT, 0),
    "kW": (WATT, 3),
    "var": (VAR, 0),
    "kvar": (VAR, 3),
    "VA": (VOLT_AMPERE, 0),
    "kVA": (VOLT_AMPERE, 3),
    "V": (VOLT, 0),
    "A": (AMPERE, 0),
    "Hz": (HERTZ, 0),
}


def add_object(readings: Readings, kind: int, body: bytes) -> bool:
    """Add what a meter object says; say whether it could be read at all."""
    length = _WHOLE_HEADS.get(kind, 0)
    if 0 < length < len(body) <= length + _LONGEST_MANTISSA and body[0] & _ALL_GROUPS == _ALL_GROUPS:
        # Nearly every object: what is before its mantissa was seen before.
        raw = int.from_bytes(body[length:], signed=True)
        if refusal := _headed(kind, body[:length]).add(readings, raw):
            _note(readings, refusal, _obis(body)[0], raw, *_unit_and_exponent(body[_LENGTH_OF_ALL:length]))
        return True
    obis, rest = _obis(body)
    if kind == _TEXT:
        return bool(rest) and _add_text(readings, obis, rest)
    head = _HEADS.get(kind, len(rest))
    if not head < len(rest) <= head + _LONGEST_MANTISSA:
        return False
    _add_number(readings, obis, int.from_bytes(rest[head:], signed=True), *_unit_and_exponent(rest[:head]))
    return True


def whole_number(kind: int, body: bytes) -> tuple[Number, int] | None:
    """Return what number a meter object with all value groups holds, and where its mantissa begins; else None."""
    length = _WHOLE_HEADS.get(kind, 0)
    if 0 < length < len(body) <= length + _LONGEST_MANTISSA and body[0] & _ALL_GROUPS == _ALL_GROUPS:
        return _headed(kind, body[:length]), length
    return None


def obis_text(obis: Obis) -> str:
    """Return ``obis`` as people write it; x: a group that was not sent."""
    return "{}-{}:{}.{}.{}*{}".format(*("x" if group is None else group for group in obis))


@lru_cache(maxsize=4_096)  # as ``number``
def _headed(kind: int, head: bytes) -> Number:
    """Return what a number is that follows ``head``: all of its object before the mantissa."""
    del kind  # it says how long the head is; equal bytes of different kinds mean different things
    unit, exponent = _unit_and_exponent(head[_LENGTH_OF_ALL:])
    return number(tuple(head[1:_LENGTH_OF_ALL]), exponent, unit)


def _unit_and_exponent(head: bytes) -> tuple[int, int]:
    """Return the unit (0: not said) and the scaler, a signed byte, from between code and mantissa."""
    return head[0] if len(head) > 1 else 0, int.from_bytes(head[-1:], signed=True)


def _obis(body: bytes) -> tuple[Obis, bytes]:
    """Return the code at the beginning of ``body``, and what is behind it: nothing, if the code is cut short."""
    if len(body) > _LENGTH_OF_ALL and body[0] & _ALL_GROUPS == _ALL_GROUPS:
        return tuple(body[1:_LENGTH_OF_ALL]), body[_LENGTH_OF_ALL:]
    sent = [bool(body[0] & bit) for bit in _GROUP_BITS] if body else []
    end = 1 + sum(sent)
    if len(body) <= end:
        return (), b""
    groups = iter(body[1:end])
    return tuple(next(groups) if is_sent else None for is_sent in sent), body[end:]


def _add_text(readings: Readings, obis: Obis, raw: bytes) -> bool:
    """Add a text: the meter's number, or a value with its unit as IEC 62056-21 meters write it."""
    if obis[2:4] in _IDENTITIES:
        return readings.add_identity(raw)
    text = text_or_hex(raw)
    found = _NUMBER_WITH_UNIT.fullmatch(text)
    unit = _UNIT_WORDS.get(found[3]) if found else None
    if found is None or unit is None:
        _add_number_alone(readings, obis, raw, text)
    else:
        fraction = found[2] or ""
        _add_number(readings, obis, int(found[1] + fraction), unit[0], unit[1] - len(fraction))
    return True


def _add_number_alone(readings: Readings, obis: Obis, raw: bytes, text: str) -> None:
    """Add a number that stands without a unit, and note it as any text that is no number."""
    found = _NUMBER_ALONE.fullmatch(raw)
    refusal = "unit_unknown"
    if found is not None and is_register(obis):
        fraction = found[2] or b""
        refusal = number(obis, -len(fraction), 0).add(readings, int(found[1] + fraction))
    readings.notices.append(Notice(refusal, f"{obis_text(obis)} {text}"))


def _add_number(readings: Readings, obis: Obis, raw: int, unit: int, exponent: int) -> None:
    """Add ``raw`` · 10^``exponent`` of ``unit`` as what its code says it is, or note it."""
    if refusal := number(obis, exponent, unit).add(readings, raw):
        _note(readings, refusal, obis, raw, unit, exponent)


def _note(readings: Readings, refusal: str, obis: Obis, raw: int, unit: int, exponent: int) -> None:
    readings.notices.append(Notice(refusal, f"{obis_text(obis)} {raw}e{exponent} unit {unit}"))
