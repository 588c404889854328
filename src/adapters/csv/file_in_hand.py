"""One file on its way: its rows, some hundred at a time, from where it was left."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from adapters.csv.durable import translated
from adapters.csv.file_memory import InHand
from adapters.csv.rejected_rows import RejectedRows, rejected_path
from adapters.csv.table import BadRow as UnreadableRow
from adapters.csv.table import Row, Table
from application.errors import Refused
from application.ports.connector import BadRow, SourceRow
from application.source_rows import RowMeaning, source_row

_AT_ONCE = 500
"""Rows: some 150 kB, stored in well under a second."""
_HEADER = 1


class Chunk(Struct):
    """Rows that come after each other."""

    rows: Sequence[SourceRow]
    lines: Sequence[int]
    """Where each begins."""
    is_last: bool


class FileInHand:
    """An open file; every call may block, and belongs on a thread."""

    def __init__(self, path: Path, known: InHand, meaning: RowMeaning) -> None:
        self.known = known
        self._path = path
        self._meaning = meaning
        self._table = Table(path)
        self._rows: Iterator[Row | UnreadableRow] = iter(())
        self._flaw = ""
        self._rejected = RejectedRows(rejected_path(path), known.rejected)
        self.is_read = False
        """All its rows were given."""

    def open(self) -> None:
        """Open the file and read its header; what is wrong with that becomes its only, bad row.

        Raises:
            Unavailable: it cannot be read.
        """
        with translated(self._path):
            try:
                self._table.__enter__()
                self._meaning.check(self._table.columns)
                self._rows = (row for row in self._table.rows() if row.line > self.known.line)
            except Refused as error:
                self._flaw = error.message if self.known.line < _HEADER else ""

    def close(self) -> None:
        """Close the file and its rejected rows."""
        self._table.__exit__(None, None, None)
        self._rejected.close()

    def chunk(self) -> Chunk:
        """Return the next rows.

        Raises:
            Unavailable: the file cannot be read.
        """
        with translated(self._path):
            found = list(islice(self._rows, _AT_ONCE))
        self.is_read = len(found) < _AT_ONCE
        rows, lines = [self._row(each) for each in found], [each.line for each in found]
        if self._flaw:
            bad = BadRow("table_unreadable", f"the header: {self._flaw}: mend it, and give the file again")
            rows, lines = [SourceRow(f"{self._path.name}:{_HEADER}", bad, b"")], [_HEADER]
            self._flaw = ""
        return Chunk(rows, lines, self.is_read)

    def settled(self, chunk: Chunk, refused: Mapping[int, BadRow]) -> InHand:
        """Write down which rows of ``chunk`` were refused; return how far the file is then.

        Raises:
            Unavailable: the disk is full or broken.
        """
        rejected = self.known.rejected
        if refused:
            rejected = self._rejected.add((chunk.lines[number], bad) for number, bad in sorted(refused.items()))
        line = chunk.lines[-1] if chunk.lines else self.known.line
        self.known = replace(self.known, line=line, rejected=rejected)
        return self.known

    def _row(self, row: Row | UnreadableRow) -> SourceRow:
        origin = f"{self._path.name}:{row.line}"
        if isinstance(row, UnreadableRow):
            return SourceRow(origin, BadRow("row_unreadable", row.message), b"")
        return source_row(origin, row.cells, self._meaning, decimal_comma=self._table.has_decimal_comma)
