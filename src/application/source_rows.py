"""Rows of somebody's tables, from their cells to what they say."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from application.ports.connector import BadRow, SourceRow
from application.reading_import import Given
from application.record_merge import SECRET_FIELDS, Draft
from domain.errors import DomainError

_HIDDEN = "(secret)"


class RowMeaning(Protocol):
    """Knows what the columns of a table mean."""

    def check(self, columns: Sequence[str]) -> None:
        """Return if all of ``columns`` mean something, and none is missing.

        Raises:
            Refused: names those that do not, and those there may be.
        """

    def said(self, cells: Mapping[str, str], *, decimal_comma: bool = False) -> Draft | Given:
        """Return what a row says; ``cells`` by column, without the empty ones.

        Raises:
            DomainError: names the column, the cell and what was expected.
        """


def source_row(origin: str, cells: Mapping[str, str], meaning: RowMeaning, *, decimal_comma: bool = False) -> SourceRow:
    """Return the row that stands at ``origin``; its body shows no secrets."""
    body = msgspec.json.encode({column: _shown(column, cell) for column, cell in cells.items()})
    try:
        return SourceRow(origin, meaning.said(cells, decimal_comma=decimal_comma), body)
    except DomainError as error:
        column = error.attributes.get("field", "")
        value = _shown(column, error.attributes.get("value", ""))
        return SourceRow(origin, BadRow(error.reason.lower(), error.message, column, value), body)


def _shown(column: str, cell: str) -> str:
    """Return a cell as people may see it."""
    return _HIDDEN if column.partition(".")[0] in SECRET_FIELDS else cell
