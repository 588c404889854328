"""Which columns a table of master data has, and what their cells mean to a record's fields.

Most fields are columns of their own name. Instants (``installed_ns``) are written as RFC 3339 under the name without
``_ns``; a place is ``latitude`` and ``longitude`` in degrees, with more about it if known; entries of dictionaries are
``labels.street``; several names in one cell stand with ``|`` between them; ratios are ``250/5``. A cell ``-`` takes
back what was known.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import get_origin, get_type_hints

import msgspec
from msgspec import NODEFAULT, Struct

from application.ports.master_data import MasterRecord
from domain.errors import InvalidValue
from domain.observation import Position
from domain.rfc3339 import format_rfc3339, parse_rfc3339

Fields = dict[str, object]
_NOTHING = "-"
_BETWEEN = "|"
_PLACE = "place"
_PLACE_COLUMNS = ("latitude", "longitude", "altitude_m", "accuracy_m", "place_source")
_DEGREE_EXPONENT = -7
_SKIPPED = "written_us"
_ALIASES = {"device": "dev_eui"}


class RecordColumns:
    """Columns of one kind of records."""

    def __init__(self, kind: type[MasterRecord]) -> None:
        hints = get_type_hints(kind)
        self._kinds = {name: hints[name] for name in kind.__struct_fields__ if name != _SKIPPED}
        self._defaults = {each.name: each.default for each in msgspec.structs.fields(kind)}

    def unknown(self, columns: Iterator[str] | list[str]) -> list[str]:
        """Return those of ``columns`` that mean nothing."""
        return [column for column in columns if self._field_of(column) is None]

    def known(self) -> list[str]:
        """Return the columns there may be."""
        return [column for name in self._kinds for column in self._columns_of(name)]

    def fields(self, cells: Mapping[str, str], *, decimal_comma: bool = False) -> Fields:
        """Return what ``cells`` say of a record.

        Raises:
            InvalidValue: names the column, the cell and what was expected.
        """
        fields: Fields = {}
        for column, cell in cells.items():
            name = self._field_of(column) or column
            if column in _PLACE_COLUMNS:
                continue
            if "." in column:
                entries = fields.setdefault(name, {})
                assert isinstance(entries, dict)  # noqa: S101  made so in the line above
                entries[column.partition(".")[2]] = "" if cell == _NOTHING else cell
            else:
                fields[name] = self._default(name) if cell == _NOTHING else self._value(name, column, cell)
        place = {column: cells[column] for column in _PLACE_COLUMNS if column in cells}
        if place:
            fields[_PLACE] = _place(place, decimal_comma=decimal_comma)
        return fields

    def cells(self, fields: Fields) -> dict[str, str]:
        """Return ``fields`` as the cells of a row."""
        cells: dict[str, str] = {}
        for name, value in fields.items():
            if name not in self._kinds or value is None:
                continue
            if name == _PLACE and isinstance(value, dict):
                cells |= _place_cells(value)
            elif isinstance(value, dict):
                cells |= {f"{name}.{entry}": str(each) for entry, each in value.items()}
            else:
                cells[_column_of(name)] = self._cell(name, value)
        return cells

    def _columns_of(self, name: str) -> list[str]:
        if name == _PLACE:
            return list(_PLACE_COLUMNS)
        return [f"{name}.…"] if self._is(name, dict) else [_column_of(name)]

    def _field_of(self, column: str) -> str | None:
        """Return the field that ``column`` speaks of, or None."""
        column = _ALIASES.get(column, column)
        if column in _PLACE_COLUMNS:
            return _PLACE if _PLACE in self._kinds else None
        if "." in column:
            name = column.partition(".")[0]
            return name if name in self._kinds and self._is(name, dict) else None
        for name in (column, f"{column}_ns"):
            if name in self._kinds and name != _PLACE and not self._is(name, dict):
                return name
        return None

    def _is(self, name: str, origin: type) -> bool:
        return get_origin(self._kinds[name]) is origin

    def _default(self, name: str) -> object:
        default = self._defaults[name]
        return "" if default is NODEFAULT else default

    def _value(self, name: str, column: str, cell: str) -> object:
        if name.endswith("_ns"):
            return instant_of(column, cell)
        if self._is(name, tuple):
            return [each.strip() for each in cell.split(_BETWEEN)]
        if _is_ratio(self._kinds[name]):
            numerator, _, denominator = cell.partition("/")
            return [numerator.strip(), denominator.strip() or "1"]
        if cell[0] in "[{" and self._kinds[name] is not str:
            return _json(column, cell)
        return cell

    def _cell(self, name: str, value: object) -> str:
        if name.endswith("_ns") and isinstance(value, int):
            return format_rfc3339(value)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, list) and _is_ratio(self._kinds[name]):
            return "/".join(map(str, value))
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return _BETWEEN.join(value)
        return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _column_of(name: str) -> str:
    return name.removesuffix("_ns")


def _is_ratio(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct) and "denominator" in kind.__struct_fields__


def instant_of(column: str, cell: str) -> int:
    """Return the instant in a cell, ns since 1970-01-01 UTC.

    Raises:
        InvalidValue: it is none.
    """
    try:
        return parse_rfc3339(cell)
    except InvalidValue:
        message = f"{column}: {cell!r} is no instant: 2026-03-29T12:00:00+02:00 expected"
        raise InvalidValue(message, field=column, value=cell) from None


def _json(column: str, cell: str) -> object:
    try:
        return msgspec.json.decode(cell)
    except msgspec.MsgspecError:
        raise InvalidValue(f"{column}: {cell!r} is no JSON", field=column, value=cell) from None


def _place(cells: Mapping[str, str], *, decimal_comma: bool) -> Fields | None:
    if cells.get("latitude") == _NOTHING:
        return None
    place: Fields = {"source": cells.get("place_source", "surveyed")}
    for column in ("latitude", "longitude"):
        degrees = _number(column, cells.get(column, ""), decimal_comma=decimal_comma)
        place[column] = int(degrees.scaleb(-_DEGREE_EXPONENT).to_integral_value())
    for column in ("altitude_m", "accuracy_m"):
        if column in cells:
            place[column] = float(_number(column, cells[column], decimal_comma=decimal_comma))
    return place


def _number(column: str, cell: str, *, decimal_comma: bool) -> Decimal:
    text = cell.replace(",", ".") if decimal_comma else cell
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > 10**6:
        raise InvalidValue(f"{column}: {cell!r} is no number in degrees or metres", field=column, value=cell)
    return number


def _place_cells(place: Mapping[str, object]) -> dict[str, str]:
    cells = {
        name: format(Decimal(str(place[name])).scaleb(_DEGREE_EXPONENT), "f") for name in ("latitude", "longitude")
    }
    cells |= {name: str(place[name]) for name in ("altitude_m", "accuracy_m") if name in place}
    return {**cells, "place_source": str(place.get("source", Position(0, 0).source))}
