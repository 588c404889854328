"""A CSV file row by row: streamed, each row with its line, and a bad row is told and passed over.

Offices in Germany save with semicolons and decimal commas, others with commas or tabs and points; the header tells
which. What comes first may be a byte order mark.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from msgspec import Struct

from adapters.csv.safe_cells import plain
from application.errors import Refused

_DELIMITERS = ";,\t"
_LONGEST_CELL = 10_000
_LONGEST_ROW = 50_000
"""Characters; the registry keeps 16,384 bytes of a record."""
_LONGEST_LINE = 1_000_000
"""Bytes; what goes on for longer is no table but some other file."""
_NO_TEXT = re.compile("[\ud800-\udfff]")


class Row(Struct, frozen=True):
    """A row that has as many cells as the header."""

    line: int
    """Where it begins in the file; the header is line 1."""
    cells: dict[str, str]
    """By column, without the empty ones."""


class BadRow(Struct, frozen=True):
    """A row that cannot be read as one."""

    line: int
    message: str


class Table:
    """An open file; a context manager. Names of columns are taken without case and blanks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self.size = 0
        """Bytes of the file."""
        self.read = 0
        """Bytes read so far."""
        self.columns: Sequence[str] = ()
        self.has_decimal_comma = False
        """Whether its numbers may be written with a comma."""

    def __enter__(self) -> Self:
        """Open the file and read its header.

        Raises:
            Refused: there is no such file, or its first line is no header.
        """
        try:
            self._file = self._path.open("rb")
            self.size = self._path.stat().st_size
        except OSError as error:
            raise Refused(f"{self._path}: {error.strerror}", file=str(self._path)) from None
        try:
            self._reader = self._rows(self._text_lines(self._file))
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def rows(self) -> Iterator[Row | BadRow]:
        """Yield what follows the header; empty lines are none."""
        yield from self._reader

    def _text_lines(self, file: BinaryIO) -> Iterator[str]:
        """Yield line by line; what is no UTF-8 becomes surrogates, by which its row is known."""
        while raw := file.readline(_LONGEST_LINE):
            self.read += len(raw)
            yield raw.decode("utf-8-sig" if self.read == len(raw) else "utf-8", "surrogateescape")

    def _rows(self, lines: Iterator[str]) -> Iterator[Row | BadRow]:
        header = next(lines, "")
        if len(header) >= _LONGEST_LINE or not _is_text(header):
            raise Refused(f"{self._path}: its first line is no text: save it as CSV in UTF-8", file=str(self._path))
        delimiter = max(_DELIMITERS, key=header.count)
        self.has_decimal_comma = delimiter == ";"
        csv.field_size_limit(_LONGEST_CELL)
        try:
            cells = next(csv.reader([header], delimiter=delimiter), [])
        except csv.Error as error:
            raise Refused(f"{self._path}: the first line is no header: {error}", file=str(self._path)) from None
        self.columns = self._header(cells)
        return self._body(csv.reader(lines, delimiter=delimiter, strict=True))

    def _header(self, cells: list[str]) -> Sequence[str]:
        columns = [_column(cell) for cell in cells]
        if not all(columns) or not columns:
            raise Refused(f"{self._path}: the first line must name every column", file=str(self._path))
        twice = sorted({column for column in columns if columns.count(column) > 1})
        if twice:
            raise Refused(f"{self._path}: column {twice[0]!r} is there twice", file=str(self._path))
        return columns

    def _body(self, rows: Iterator[list[str]]) -> Iterator[Row | BadRow]:
        before = 0
        while True:
            try:
                cells = next(rows, None)
            except csv.Error as error:
                yield BadRow(before + 2, f"no row of a table: {error}")
                cells = []
            line = before + 2
            before = rows.line_num  # type: ignore[attr-defined]  # csv's reader has it, its type does not say so
            if cells is None:
                return
            if cells:
                yield self._row(line, cells)

    def _row(self, line: int, cells: list[str]) -> Row | BadRow:
        if len(cells) != len(self.columns):
            # Without quoting them: one of them may be a key.
            return BadRow(line, f"{len(cells)} cells where the header has {len(self.columns)}")
        if (length := sum(map(len, cells))) > _LONGEST_ROW:
            return BadRow(line, f"{length} characters are too many: {_LONGEST_ROW} at most")
        if not all(map(_is_text, cells)):
            return BadRow(line, "not UTF-8: save the table as UTF-8")
        named = zip(self.columns, (plain(cell.strip()) for cell in cells), strict=True)
        return Row(line, {column: cell for column, cell in named if cell})


def _column(cell: str) -> str:
    """Return the name of a column; the name of an entry, behind the point, is as it is."""
    field, point, entry = cell.strip().partition(".")
    return field.strip().lower().replace(" ", "_") + point + entry


def _is_text(cell: str) -> bool:
    """Say whether ``cell`` was UTF-8, and has nothing in it that no table has."""
    return "\0" not in cell and (cell.isascii() or not _NO_TEXT.search(cell))
