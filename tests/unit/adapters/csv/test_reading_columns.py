"""Columns of readings."""

import pytest

from adapters.csv.reading_columns import given_reading, reading_cells, unknown_reading_columns
from application.ports.reading_query import StoredReading
from application.reading_import import Given
from domain.errors import InvalidValue
from domain.identifiers import DevEui
from domain.observation import Reading
from tests.support.builders import DEV, NOON_NS

CELLS = {"device": DEV, "time": "2026-01-01T12:00:00Z", "measurand": "water.volume", "value": "12.5"}


def test_what_is_exported_can_be_imported() -> None:
    reading = Reading("water.volume", "pulse1", 1_234_567, -3)
    stored = StoredReading(DevEui(DEV), NOON_NS, reading, 1, "device", 0, "", "", "swu", 1)
    assert given_reading(reading_cells(stored)) == Given(DEV, NOON_NS, "water.volume", "1234.567", "pulse1", "measured")


def test_a_decimal_comma_is_read_where_cells_are_parted_by_semicolons() -> None:
    assert given_reading({**CELLS, "value": "12,5"}, decimal_comma=True).value == "12.5"
    assert given_reading({**CELLS, "value": "12,5"}).value == "12,5"


@pytest.mark.parametrize(
    "changed,field",
    [({"unit": "m3"}, "unit"), ({"time": "noon"}, "time"), ({"measurand": "water.wine"}, "measurand")],
)
def test_a_cell_that_means_nothing_is_refused(changed: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        given_reading({**CELLS, **changed})
    assert refused.value.attributes["field"] == field


def test_a_missing_cell_is_named() -> None:
    with pytest.raises(InvalidValue, match="value is missing"):
        given_reading({name: cell for name, cell in CELLS.items() if name != "value"})


def test_a_header_lacking_a_column_or_naming_another_is_told() -> None:
    assert unknown_reading_columns(["dev_eui", "event_time", "measurand", "colour"]) == ["colour", "+value"]
