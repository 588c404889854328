"""What the rows of a table say: readings, or records of a kind of master data."""

from collections.abc import Mapping, Sequence

from adapters.csv.reading_columns import READING_COLUMNS, given_reading, unknown_reading_columns
from adapters.csv.record_columns import RecordColumns
from application.errors import Refused
from application.reading_import import Given
from application.record_merge import Draft, kind_called

READINGS = "readings"


class RowMeaning:
    """Of tables about ``what``: ``readings``, or the name of a kind (``application.record_merge.KINDS``).

    Keeps the promises of ``application.source_rows.RowMeaning``.
    """

    def __init__(self, what: str) -> None:
        """Take what the tables are about.

        Raises:
            InvalidValue: nothing of that name.
        """
        self.what = what
        self._columns = None if what == READINGS else RecordColumns(kind_called(what))

    def check(self, columns: Sequence[str]) -> None:
        """Return if all of ``columns`` mean something, and none is missing.

        Raises:
            Refused: names those that do not, and those there may be.
        """
        if self._columns is None:
            unknown, known = unknown_reading_columns(columns), list(READING_COLUMNS)
        else:
            unknown, known = self._columns.unknown(list(columns)), self._columns.known()
        wrong = [f"{name[1:]!r} is missing" if name.startswith("+") else f"{name!r} means nothing" for name in unknown]
        if wrong:
            raise Refused(f"column {', '.join(wrong)}; there are {', '.join(known)}")

    def said(self, cells: Mapping[str, str], *, decimal_comma: bool = False) -> Draft | Given:
        """Return what a row says; ``cells`` by column, without the empty ones.

        Raises:
            DomainError: names the column, the cell and what was expected.
        """
        if self._columns is None:
            return given_reading(cells, decimal_comma=decimal_comma)
        return Draft(self.what, self._columns.fields(cells, decimal_comma=decimal_comma))
