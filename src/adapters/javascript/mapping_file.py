"""Mappings as people write them: a TOML file (docs/ts013.md), read with every mistake named at once."""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches

from adapters.javascript.mapping_table import MappingTable
from domain.decoding.mapping import (
    AttributeRule,
    DataMapping,
    NoticeRule,
    Path,
    PositionRule,
    TimeFormat,
    TimeRule,
    ValueRule,
    channel_text,
    factor_between,
)
from domain.errors import InvalidValue
from domain.observation import MEASURANDS, Kind, Measurand

_CODE = re.compile(r"[a-z][a-z0-9_.]{0,63}")
_MOST_DIGITS = 12
_VALUE = ("path", "measurand", "channel", "unit", "factor", "digits", "states", "missing", "time")
_POSITION = ("latitude", "longitude", "altitude", "accuracy", "satellites", "source", "time")
_SOURCES = ("surveyed", "gnss", "wifi", "tdoa", "rssi", "configured")


class MappingInvalid(Exception):
    """The mapping cannot be used; ``mistakes`` names each one with its place, its value and the remedy."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("; ".join(mistakes))
        self.mistakes = mistakes


def mapping_of(text: str) -> DataMapping:
    """Return the mapping that ``text`` writes.

    Raises:
        MappingInvalid: it cannot be used.
    """
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise MappingInvalid([f"is not TOML: {error}"]) from error
    mistakes: list[str] = []
    mapping = _mapping(MappingTable("", raw, mistakes))
    if mistakes:
        raise MappingInvalid(mistakes)
    return mapping


def _mapping(table: MappingTable) -> DataMapping:
    table.known("reads", "time", "values", "positions", "attributes", "notices")
    reads = table.one_of("reads", ("data", "normalized"), "data")
    values = [_value(each) for each in table.tables("values")]
    positions = [_position(each) for each in table.tables("positions")]
    attributes = [_attribute(each) for each in table.tables("attributes")]
    notices = [_notice(each) for each in table.tables("notices")]
    return DataMapping(
        tuple(each for each in values if each is not None),
        tuple(each for each in positions if each is not None),
        tuple(each for each in attributes if each is not None),
        tuple(each for each in notices if each is not None),
        _time(table, None) or TimeRule(),
        normalized=reads == "normalized",
    )


def _value(table: MappingTable) -> ValueRule | None:
    table.known(*_VALUE)
    path, row = table.path("path"), table.read("measurand", _measurand)
    if row is not None and row.kind is Kind.COMPOSITE:
        table.wrong("measurand", row.name, "a place has latitude and longitude: write it as [[positions]]")
    channel = None if path is None else table.read("channel", lambda text: channel_text(text, path), "")
    factor, states = _factor(table, row), _states(table, row)
    digits, missing, time = _digits(table), table.texts("missing"), _time(table, path)
    if path is None or row is None or channel is None:
        return None
    return ValueRule(path, row, channel, factor, digits, states, missing, time)


def _measurand(name: str) -> Measurand:
    row = MEASURANDS.get(name)
    if row is None:
        near = get_close_matches(name, MEASURANDS, 1)
        remedy = f"did you mean {near[0]!r}?" if near else "docs/measurands.md has the names"
        raise InvalidValue(f"no measurand of the catalogue: {remedy}", value=name)
    return row


def _factor(table: MappingTable, row: Measurand | None) -> Decimal:
    given = table.number("factor")
    if given is not None and not given:
        table.wrong("factor", given, "other than 0 expected")
    if row is None or not table.has("unit"):
        return Decimal(1) if given is None else given
    if given is not None:
        table.wrong("factor", given, "unit and factor exclude each other: leave one out")
    return table.read("unit", lambda unit: factor_between(unit, row.unit)) or Decimal(1)


def _digits(table: MappingTable) -> int | None:
    given = table.number("digits")
    if given is None:
        return None
    if given != int(given) or not 0 <= given <= _MOST_DIGITS:
        table.wrong("digits", given, f"a whole number from 0 to {_MOST_DIGITS} expected")
        return None
    return int(given)


def _states(table: MappingTable, row: Measurand | None) -> Mapping[str, bool | int | str] | None:
    states = table.table("states")
    if states is None:
        return None
    if row is not None and row.kind not in {Kind.STATE, Kind.EVENT}:
        known = (each.name for each in MEASURANDS.values() if each.kind in {Kind.STATE, Kind.EVENT})
        table.wrong("states", row.name, f"it is a {row.kind}: states are for {', '.join(known)}")
    raw = table.given("states")
    found: dict[str, bool | int | str] = {}
    for text, value in raw.items() if isinstance(raw, dict) else ():
        if isinstance(value, bool | int | str):
            found[text] = value
        else:
            states.wrong(text, value, "true, false, a whole number or a text expected")
    return found


def _time(table: MappingTable, along: Path | None) -> TimeRule | None:
    time = table.table("time")
    if time is None:
        return None
    time.known("path", "format", "age", "age_unit")
    if not time.has("path") and not time.has("age"):
        time.wrong("path", None, "path (an instant) or age (how long ago) expected")
    own = along or Path("the mapping", ())
    written = time.one_of("format", [each.value for each in TimeFormat], TimeFormat.RFC3339.value)
    seconds = time.read("age_unit", lambda unit: factor_between(unit, "s"), "s") or Decimal(1)
    return TimeRule(time.optional_path("path", own), TimeFormat(written), time.optional_path("age", own), seconds)


def _position(table: MappingTable) -> PositionRule | None:
    table.known(*_POSITION)
    latitude = table.path("latitude")
    longitude = table.path("longitude", latitude)
    more = [table.optional_path(key, latitude) for key in ("altitude", "accuracy", "satellites")]
    source, time = table.one_of("source", _SOURCES, "gnss"), _time(table, latitude)
    if latitude is None or longitude is None:
        return None
    return PositionRule(latitude, longitude, more[0], more[1], more[2], source, time)


def _attribute(table: MappingTable) -> AttributeRule | None:
    table.known("path", "name")
    path, name = table.path("path"), table.read("name", _code)
    return None if path is None or name is None else AttributeRule(path, name)


def _notice(table: MappingTable) -> NoticeRule | None:
    table.known("path", "code", "when")
    path, code, when = table.path("path"), table.read("code", _code), table.texts("when")
    return None if path is None or code is None else NoticeRule(path, code, when)


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise InvalidValue("lower-case letters, digits, dots and underscores expected", value=text)
    return text
