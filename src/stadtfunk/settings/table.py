"""From tables of TOML to typed settings, field by field, so that every mistake is found and not only the first."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

import msgspec
from msgspec import NODEFAULT, Struct, inspect
from msgspec.structs import FieldInfo, fields

from domain.device import DeviceTypeRule
from stadtfunk.settings.connectors import KINDS, ConnectorSettings
from stadtfunk.settings.model import (
    CodecSettings,
    MqttSourceSettings,
    Settings,
    SimulatedCitySourceSettings,
    SourceSettings,
)

Mistakes = list[str]
T = TypeVar("T", bound=Struct)

_SOURCES: dict[str, type[MqttSourceSettings] | type[SimulatedCitySourceSettings]] = {
    "mqtt": MqttSourceSettings,
    "simulated_city": SimulatedCitySourceSettings,
}
_LISTS = ("sources", "device_types", "codecs", "connectors")
_TABLES: dict[str, Any] = {each.name: each.type for each in fields(Settings) if each.name not in _LISTS}


def subtable(name: str) -> dict[str, type] | None:
    """Return the keys of ``[name]`` with ``list``, ``str`` or ``object`` (all else) as their rough type.

    None: there is no such table.
    """
    table = _TABLES.get(name)
    if table is None:
        return None
    return {each.name: _rough(each.type) for each in fields(table)}


def _rough(kind: object) -> type:
    """Return whether a field takes a list, text, or something that does not look like text."""
    told = inspect.type_info(kind)
    if isinstance(told, inspect.ListType):
        return list
    literal = isinstance(told, inspect.LiteralType) and all(isinstance(each, str) for each in told.values)
    return str if literal or isinstance(told, inspect.StrType) else object


class TableReader:
    """Reads the tables of one file; whatever is wrong is added to ``mistakes``.

    What cannot be read is taken to be as it is by default, or left out, so that the rest can be looked at.
    """

    def __init__(self, mistakes: Mistakes) -> None:
        self._mistakes = mistakes
        self.sources: list[int] = []
        """Which of the ``[[sources]]`` could be read."""
        self.rules: list[int] = []
        """Which of the ``[[device_types]]``."""
        self.connectors: list[int] = []
        """Which of the ``[[connectors]]``."""

    def settings(self, raw: Mapping[str, object]) -> Settings:
        """Return the whole file."""
        self._unknown("", raw, [*_TABLES, *_LISTS])
        tables = {name: self._table(name, kind, raw.get(name, {})) or kind() for name, kind in _TABLES.items()}
        if "sources" in raw:
            tables["sources"] = self._sources(raw["sources"])
        else:
            self.sources = list(range(len(Settings().sources)))
        rules = self._rules(raw.get("device_types", []))
        codecs, connectors = self._codecs(raw.get("codecs", [])), self._connectors(raw.get("connectors", []))
        return Settings(**tables, device_types=rules, codecs=codecs, connectors=connectors)

    def _sources(self, raw: object) -> tuple[SourceSettings, ...]:
        rows = self._rows("sources", raw)
        if raw == []:
            self._mistakes.append("sources: at least one [[sources]] expected")
        read = [self._source(f"sources[{index}]", row) for index, row in enumerate(rows)]
        self.sources = [index for index, source in enumerate(read) if source is not None]
        return tuple(source for source in read if source is not None)

    def _source(self, path: str, raw: Mapping[str, object]) -> SourceSettings | None:
        kind = raw.get("kind", "mqtt")
        table = _SOURCES.get(kind) if isinstance(kind, str) else None
        if table is None:
            self._mistakes.append(f"{path}.kind = {kind!r}: one of {', '.join(_SOURCES)} expected")
            return None
        return self._table(path, table, raw)

    def _rules(self, raw: object) -> tuple[DeviceTypeRule, ...]:
        rows = self._rows("device_types", raw)
        read = [self._table(f"device_types[{index}]", DeviceTypeRule, row) for index, row in enumerate(rows)]
        self.rules = [index for index, rule in enumerate(read) if rule is not None]
        return tuple(rule for rule in read if rule is not None)

    def _codecs(self, raw: object) -> tuple[CodecSettings, ...]:
        rows = self._rows("codecs", raw)
        read = [self._table(f"codecs[{index}]", CodecSettings, row) for index, row in enumerate(rows)]
        return tuple(codec for codec in read if codec is not None)

    def _connectors(self, raw: object) -> tuple[ConnectorSettings, ...]:
        rows = self._rows("connectors", raw)
        read = [self._connector(f"connectors[{index}]", row) for index, row in enumerate(rows)]
        self.connectors = [index for index, connector in enumerate(read) if connector is not None]
        return tuple(connector for connector in read if connector is not None)

    def _connector(self, path: str, raw: Mapping[str, object]) -> ConnectorSettings | None:
        kind = raw.get("kind")
        table = KINDS.get(kind) if isinstance(kind, str) else None
        if table is None:
            near = get_close_matches(str(kind), KINDS, 1)
            remedy = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(KINDS)} expected"
            self._mistakes.append(f"{path}.kind = {kind!r}: {remedy}" if "kind" in raw else f"{path}.kind is missing")
            return None
        return self._table(path, table, raw)

    def _rows(self, path: str, raw: object) -> list[Mapping[str, object]]:
        if isinstance(raw, list) and all(isinstance(row, dict) for row in raw):
            return raw
        self._mistakes.append(f"{path}: a list of tables expected, written as [[{path}]]")
        return []

    def _table(self, path: str, table: type[T], raw: object) -> T | None:
        if not isinstance(raw, Mapping):
            self._mistakes.append(f"{path} = {raw!r}: a table expected, written as [{path}]")
            return None
        known = fields(table)
        self._unknown(path, raw, [each.name for each in known])
        read = {each.name: self._field(path, each, raw[each.name]) for each in known if each.name in raw}
        values = {name: value for name, value in read.items() if value is not None}
        needed = [each.name for each in known if each.default is NODEFAULT and each.default_factory is NODEFAULT]
        self._mistakes.extend(f"{path}.{name} is missing" for name in needed if name not in raw)
        return table(**values) if all(name in values for name in needed) else None

    def _field(self, path: str, known: FieldInfo, value: object) -> Any:  # noqa: ANN401  of the field's type
        place = f"{path}.{known.name}"
        if isinstance(known.type, type) and issubclass(known.type, Struct):
            return self._table(place, known.type, value)
        try:
            return msgspec.convert(value, known.type, strict=True)
        except msgspec.ValidationError as error:
            what = str(error).split(" - at ")[0].replace("`", "")
            self._mistakes.append(f"{place} = {value!r}: {what[0].lower()}{what[1:]}")
            return None

    def _unknown(self, path: str, raw: Mapping[str, object], known: list[str]) -> None:
        for key in raw:
            if key not in known:
                near = get_close_matches(str(key), known, 1)
                remedy = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
                self._mistakes.append(f"{path}.{key} is unknown: {remedy}" if path else f"[{key}] is unknown: {remedy}")
