"""Which columns a table of readings has."""

from collections.abc import Mapping, Sequence

from adapters.csv.record_columns import instant_of
from application.ports.reading_query import StoredReading
from application.reading_import import Given, text_of
from domain.errors import InvalidValue
from domain.observation import measurand
from domain.rfc3339 import format_rfc3339

READING_COLUMNS = ("device", "time", "measurand", "channel", "value", "unit", "quality")
_NEEDED = ("device", "time", "measurand", "value")
_ALIASES = {"dev_eui": "device", "event_time": "time"}


def unknown_reading_columns(columns: Sequence[str]) -> list[str]:
    """Return those of ``columns`` that mean nothing, and after a ``+`` those that are missing."""
    named = [_ALIASES.get(column, column) for column in columns]
    missing = [f"+{column}" for column in _NEEDED if column not in named]
    return [column for column in named if column not in READING_COLUMNS] + missing


def given_reading(cells: Mapping[str, str], *, decimal_comma: bool = False) -> Given:
    """Return the reading in a row; a unit must be the measurand's own.

    Raises:
        InvalidValue: names the column, the cell and what was expected.
    """
    named = {_ALIASES.get(column, column): cell for column, cell in cells.items()}
    for column in _NEEDED:
        if column not in named:
            raise InvalidValue(f"{column} is missing", field=column, value="")
    row = measurand(named["measurand"])
    unit = named.get("unit", row.unit)
    if unit not in (row.unit, row.display_unit):
        message = f"{row.name} is in {row.display_unit or row.unit}, not in {unit!r}"
        raise InvalidValue(message, field="unit", value=unit)
    value = named["value"]
    if decimal_comma and value.count(",") == 1 and "." not in value:
        value = value.replace(",", ".")
    instant = instant_of("time", named["time"])
    return Given(named["device"], instant, row.name, value, named.get("channel", ""), named.get("quality", ""))


def reading_cells(stored: StoredReading) -> dict[str, str]:
    """Return a stored reading as the cells of a row."""
    reading = stored.reading
    return {
        "device": stored.dev_eui,
        "time": format_rfc3339(stored.event_ns),
        "measurand": reading.measurand,
        "channel": reading.channel,
        "value": text_of(reading),
        "unit": measurand(reading.measurand).unit,
        "quality": reading.quality,
    }
