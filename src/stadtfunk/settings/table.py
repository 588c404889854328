"""From tables of TOML to typed settings, field by field, so that every mistake is found and not only the first."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

from domain.device import DeviceTypeRule
from stadtfunk.settings.model import (
    KafkaSettings,
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
_TABLES = {each.name: each.type for each in fields(Settings) if each.name not in {"sources", "device_types"}}


def subtable(name: str) -> dict[str, type] | None:
    """Return the keys of ``[name]`` with ``list`` or ``str`` as their rough type; None: there is no such table."""
    table = _TABLES.get(name)
    if table is None:
        return None
    return {each.name: list if "list" in str(each.type) else str for each in fields(table)}


class TableReader:
    """Reads the tables of one file; whatever is wrong is added to ``mistakes``."""

    def __init__(self, mistakes: Mistakes) -> None:
        self._mistakes = mistakes

    def settings(self, raw: Mapping[str, object]) -> Settings | None:
        """Return the whole file, or None if a part cannot be read at all."""
        self._unknown("", raw, [*_TABLES, "sources", "device_types"])
        tables = {name: self._table(name, kind, raw.get(name, {})) for name, kind in _TABLES.items()}
        sources = self._sources(raw.get("sources"))
        rules = self._rules(raw.get("device_types", []))
        if any(table is None for table in tables.values()) or sources is None or rules is None:
            return None
        defaults = {} if "sources" not in raw else {"sources": sources}
        return Settings(**tables, **defaults, device_types=rules)  # type: ignore[arg-type]  # read field by field above

    def _sources(self, raw: object) -> tuple[SourceSettings, ...] | None:
        if raw is None:
            return ()
        rows = self._rows("sources", raw)
        read = [self._source(f"sources[{index}]", row) for index, row in enumerate(rows)]
        return None if None in read else tuple(source for source in read if source is not None)

    def _source(self, path: str, raw: Mapping[str, object]) -> SourceSettings | None:
        kind = raw.get("kind", "mqtt")
        table = _SOURCES.get(kind) if isinstance(kind, str) else None
        if table is None:
            self._mistakes.append(f"{path}.kind = {kind!r}: one of {', '.join(_SOURCES)} expected")
            return None
        return self._table(path, table, raw)

    def _rules(self, raw: object) -> tuple[DeviceTypeRule, ...] | None:
        rows = self._rows("device_types", raw)
        read = [self._table(f"device_types[{index}]", DeviceTypeRule, row) for index, row in enumerate(rows)]
        return None if None in read else tuple(rule for rule in read if rule is not None)

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
        before = len(self._mistakes)
        values = {each.name: self._field(path, each, raw[each.name]) for each in known if each.name in raw}
        for each in known:
            if each.name not in raw and each.default is NODEFAULT and each.default_factory is NODEFAULT:
                self._mistakes.append(f"{path}.{each.name} is missing")
        return None if len(self._mistakes) > before else table(**values)

    def _field(self, path: str, known: FieldInfo, value: object) -> Any:  # noqa: ANN401  of the field's type
        place = f"{path}.{known.name}"
        if isinstance(known.type, type) and issubclass(known.type, Struct) and known.type is not KafkaSettings:
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
