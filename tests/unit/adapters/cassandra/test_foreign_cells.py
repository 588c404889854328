"""Values of CQL as cells."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from cassandra.util import Date, SortedSet

from adapters.cassandra.foreign_cells import cell_of, cells_of

_ID = UUID("12345678-1234-5678-1234-567812345678")


@pytest.mark.parametrize(
    "value,cell",
    [
        (None, ""),
        ("  Karlstraße ", "Karlstraße"),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (48.4011, "48.4011"),
        (1e-7, "0.0000001"),
        (Decimal("12.50"), "12.50"),
        (b"\x00\x1f", "001f"),
        (datetime(2026, 3, 29, 12, 0, 0, 500_000), "2026-03-29T12:00:00.500000+00:00"),  # noqa: DTZ001  as the driver
        (datetime(2026, 3, 29, 12, tzinfo=UTC), "2026-03-29T12:00:00+00:00"),
        (Date("2026-03-29"), "2026-03-29T00:00:00Z"),
        (_ID, str(_ID)),
        (SortedSet(["b", "a"]), "a|b"),
        (["b", "a"], "b|a"),
    ],
)
def test_a_value_is_a_cell(value: object, cell: str) -> None:
    assert cell_of(value) == cell


def test_cells_have_our_names_and_empty_ones_are_none() -> None:
    values = {"eui": "70b3", "plz": None, "tags": {"street": "Karlstraße", "house": None}, "other": 1}
    fields = {"eui": "dev_eui", "plz": "labels.postcode", "tags": "labels.*"}
    assert cells_of(values, fields) == {"dev_eui": "70b3", "labels.street": "Karlstraße"}
