"""Meter objects: a number or a text with its OBIS code.

Sources: as the package; the codes from IEC 62056-6-1 (OBIS, electricity: value groups C and D), units from
IEC 62056-6-2 (table of units). The group mask says which of the six value groups are sent.

A register that does not fit its measurand's step is never rounded but noted with its raw value. A number of a register
whose unit the meter does not say is kept as if it were in the measurand's, flagged, and noted; where the meter also
sends the register with its unit, that one alone counts.
"""

import re

from domain.decoding.codec import Notice
from domain.decoding.codecs.imst_ioke868.readings import Readings, text_or_hex
from domain.observation import ELECTRICITY_BY_CODE, MEASURANDS, Kind, NotExact, Quality, gauge, register

_TEXT = 0x42
_HEADS = {0x40: 2, 0x41: 1}
"""Bytes between code and mantissa, by type of object: unit and scaler, or the scaler alone."""
_GROUP_BITS = (0x80, 0x40, 0x20, 0x10, 0x08, 0x04)
_ALL_GROUPS = 0xFC
_LENGTH_OF_ALL = 1 + len(_GROUP_BITS)
_LONGEST_MANTISSA = 16
"""Meters send at most 64 bits; the reader pads."""
_ELECTRICITY = frozenset((1, None))
"""Value group A; a reader of electricity meters may leave it out."""
_CURRENT = frozenset((255, None))
"""Value group F: not a remembered billing period."""

_WATT, _VOLT_AMPERE, _VAR, _WATT_HOUR, _VAR_HOUR, _AMPERE, _VOLT, _HERTZ = 27, 28, 29, 30, 32, 33, 35, 44
_NO_UNITS = frozenset((0, 253, 254, 255))
_MEASURED, _UNIT_UNKNOWN = Quality.MEASURED.value, Quality.UNIT_UNKNOWN.value
_COUNT = 255
"""Unit of a number of dimension one."""
_UNITS = {
    "W": _WATT,
    "V.A": _VOLT_AMPERE,
    "V.A{reactive}": _VAR,
    "W.h": _WATT_HOUR,
    "V.A{reactive}.h": _VAR_HOUR,
    "A": _AMPERE,
    "V": _VOLT,
    "Hz": _HERTZ,
    "1": _COUNT,
}
"""The meter's code by our unit."""

Key = tuple[int | None, int | None]
"""Value groups C (what is measured) and D (how it is made)."""

_ONE_WAY: dict[Key, tuple[str, str, int, int]] = {
    (1, 7): ("electricity.power.active", "", _WATT, 1),
    (2, 7): ("electricity.power.active", "", _WATT, -1),
    (21, 7): ("electricity.power.active", "l1", _WATT, 1),
    (22, 7): ("electricity.power.active", "l1", _WATT, -1),
    (41, 7): ("electricity.power.active", "l2", _WATT, 1),
    (42, 7): ("electricity.power.active", "l2", _WATT, -1),
    (61, 7): ("electricity.power.active", "l3", _WATT, 1),
    (62, 7): ("electricity.power.active", "l3", _WATT, -1),
    (3, 7): ("electricity.power.reactive", "", _VAR, 1),
    (4, 7): ("electricity.power.reactive", "", _VAR, -1),
}
_REGISTERS: dict[Key, tuple[str, int]] = {
    key: (name, _UNITS[MEASURANDS[name].unit])
    for key, (name, _) in ELECTRICITY_BY_CODE.items()
    if MEASURANDS[name].kind is Kind.REGISTER
}
"""Measurand and unit."""
_GAUGES: dict[Key, tuple[str, str, int]] = {
    key: (name, phase, _UNITS[MEASURANDS[name].unit])
    for key, (name, phase) in ELECTRICITY_BY_CODE.items()
    if MEASURANDS[name].kind is Kind.GAUGE and key not in _ONE_WAY
}
"""Measurand, phase and unit."""
_IDENTITIES: frozenset[tuple[int | None, ...]] = frozenset(((96, 1), (0, 0)))
"""Device ID 1 and the utility's numbers."""

_NUMBER_WITH_UNIT = re.compile(r"([+-]?\d{1,18})(?:\.(\d{1,9}))?\*(\w+)", re.ASCII)
_NUMBER_ALONE = re.compile(rb"([+-]?\d{1,18})(?:\.(\d{1,9}))?")
_UNIT_WORDS = {
    "Wh": (_WATT_HOUR, 0),
    "kWh": (_WATT_HOUR, 3),
    "MWh": (_WATT_HOUR, 6),
    "varh": (_VAR_HOUR, 0),
    "kvarh": (_VAR_HOUR, 3),
    "W": (_WATT, 0),
    "kW": (_WATT, 3),
    "var": (_VAR, 0),
    "kvar": (_VAR, 3),
    "VA": (_VOLT_AMPERE, 0),
    "kVA": (_VOLT_AMPERE, 3),
    "V": (_VOLT, 0),
    "A": (_AMPERE, 0),
    "Hz": (_HERTZ, 0),
}

Obis = tuple[int | None, ...]
"""Value groups A to F; None: not sent."""


def add_object(readings: Readings, kind: int, body: bytes) -> bool:
    """Add what a meter object says; say whether it could be read at all."""
    obis, rest = _obis(body)
    if kind == _TEXT:
        return bool(rest) and _add_text(readings, obis, rest)
    head = _HEADS.get(kind, len(rest))
    if not head < len(rest) <= head + _LONGEST_MANTISSA:
        return False
    scaler = rest[head - 1]
    raw = int.from_bytes(rest[head:], signed=True)
    _add_number(readings, obis, raw, scaler - 256 if scaler > 127 else scaler, rest[0] if head > 1 else 0)  # noqa: PLR2004  a signed byte
    return True


def obis_text(obis: Obis) -> str:
    """Return ``obis`` as people write it; x: a group that was not sent."""
    return "{}-{}:{}.{}.{}*{}".format(*("x" if group is None else group for group in obis))


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
        _add_number(readings, obis, int(found[1] + fraction), unit[1] - len(fraction), unit[0])
    return True


def _add_number_alone(readings: Readings, obis: Obis, raw: bytes, text: str) -> None:
    """Add a number that stands without a unit, and note it as any text that is no number."""
    found = _NUMBER_ALONE.fullmatch(raw)
    refusal = "unit_unknown"
    if found is not None and obis[2:4] in _REGISTERS:
        fraction = found[2] or b""
        refusal = _take_number(readings, obis, int(found[1] + fraction), -len(fraction), 0)
    readings.notices.append(Notice(refusal, f"{obis_text(obis)} {text}"))


def _add_number(readings: Readings, obis: Obis, raw: int, exponent: int, unit: int) -> None:
    """Add ``raw`` · 10^``exponent`` of ``unit`` as what its code says it is, or note it."""
    refusal = _take_number(readings, obis, raw, exponent, unit)
    if refusal:
        readings.notices.append(Notice(refusal, f"{obis_text(obis)} {raw}e{exponent} unit {unit}"))


def _take_number(readings: Readings, obis: Obis, raw: int, exponent: int, unit: int) -> str:
    """Add a number; return why not, or an empty text."""
    medium, group_b, what, how, tariff, period = obis
    if medium not in _ELECTRICITY or period not in _CURRENT:
        return "value_unknown"
    channel = f"ch{group_b}" if group_b else ""
    counted = _REGISTERS.get((what, how))
    if counted is None:
        return "value_unknown" if tariff else _take_gauge(readings, (what, how), channel, _scaled(raw, exponent), unit)
    name, expected = counted
    if unit != expected and unit not in _NO_UNITS:
        return "unit_unexpected"
    quality = _MEASURED if unit == expected else _UNIT_UNKNOWN
    try:
        reading = register(name, _dotted(channel, f"t{tariff}" if tariff else ""), raw, exponent, quality)
    except NotExact:
        return "register_not_exact"
    if unit != expected:
        readings.add_without_unit(reading)
        return "unit_unknown"
    readings.add(reading)
    return ""


def _take_gauge(readings: Readings, key: Key, channel: str, value: float, unit: int) -> str:
    measured = _GAUGES.get(key)
    if measured is not None:
        name, phase, expected = measured
        if unit != expected:
            return _unit_refusal(unit)
        readings.add(gauge(name, _dotted(channel, phase), value))
        return ""
    one_way = _ONE_WAY.get(key)
    if one_way is None:
        return "value_unknown"
    name, phase, expected, sign = one_way
    if unit != expected:
        return _unit_refusal(unit)
    readings.add_one_way(name, _dotted(channel, phase), sign * value)
    return ""


def _unit_refusal(unit: int) -> str:
    return "unit_unknown" if unit in _NO_UNITS else "unit_unexpected"


def _scaled(raw: int, exponent: int) -> float:
    """Return ``raw`` · 10^``exponent``, rounded once."""
    return raw / 10**-exponent if exponent < 0 else float(raw * 10**exponent)


def _dotted(first: str, second: str) -> str:
    return f"{first}.{second}" if first and second else first or second
