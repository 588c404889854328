"""Values of CQL as the cells of a table that people keep (docs/registry.md)."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from cassandra.util import Date

_BETWEEN = "|"


def cells_of(values: Mapping[str, object], fields: Mapping[str, str]) -> dict[str, str]:
    """Return what a row says, by our columns and without what is empty.

    Args:
        values: of the row by their column; a map becomes a cell for each entry (``labels`` → ``labels.street``).
        fields: our column by theirs.
    """
    cells: dict[str, str] = {}
    for theirs, ours in fields.items():
        value = values.get(theirs)
        if isinstance(value, Mapping):
            cells |= {f"{ours}.{entry}": cell_of(each) for entry, each in value.items()}
        else:
            cells[ours] = cell_of(value)
    return {column: cell for column, cell in cells.items() if cell}


def cell_of(value: object) -> str:
    """Return a value as a cell; empty: there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):  # the driver's time stamps are UTC and do not say so
        return value.replace(tzinfo=value.tzinfo or UTC).isoformat()
    if isinstance(value, Date):
        return cell_of(value.date())
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00Z"
    if isinstance(value, float | Decimal):
        return format(Decimal(str(value)), "f")
    if isinstance(value, Collection):
        return _BETWEEN.join(sorted(map(cell_of, value)) if isinstance(value, set | frozenset) else map(cell_of, value))
    return str(value)
