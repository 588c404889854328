"""Values of CQL as the cells of a table that people keep (docs/registry.md)."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from cassandra.util import Date

_BETWEEN = "|"
_EVERY = ".*"


def cells_of(values: Mapping[str, object], fields: Mapping[str, str]) -> dict[str, str]:
    """Return what a row says, by our columns and without what is empty.

    Args:
        values: of the row by their column; a map becomes a cell for each entry (``labels.street``).
        fields: our column by theirs; of a map ``labels.*``.
    """
    cells: dict[str, str] = {}
    for theirs, ours in fields.items():
        value = values.get(theirs)
        if isinstance(value, Mapping):
            cells |= {f"{ours.removesuffix(_EVERY)}.{entry}": cell_of(each) for entry, each in value.items()}
        else:
            cells[ours] = cell_of(value)
    return {column: cell for column, cell in cells.items() if cell}


def cell_of(value: object) -> str:
    """Return a value as a cell; empty: there is none."""
    match value:
        case None:
            cell = ""
        case bool():
            cell = "true" if value else "false"
        case str():
            cell = value.strip()
        case bytes() | bytearray() | memoryview():
            cell = bytes(value).hex()
        case datetime():  # the driver's time stamps are UTC and do not say so
            cell = value.replace(tzinfo=value.tzinfo or UTC).isoformat()
        case Date():
            cell = f"{value.date().isoformat()}T00:00:00Z"
        case float() | Decimal():
            cell = format(Decimal(str(value)), "f")
        case Collection():
            cell = _BETWEEN.join(map(cell_of, value))
        case _:
            cell = str(value)
    return cell
