"""A CSV file row by row: streamed, each row with its line, and a bad row is told and passed over.

Offices in Germany save with semicolons and decimal commas, others with commas or tabs and points; the header tells
which. What comes first may be a byte order mark.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from msgspec import Struct

from application.errors import Refused

_DELIMITERS = ";,\t"
_LONGEST_CELL = 100_000
_SHOWN = 40


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
        for raw in file:
            self.read += len(raw)
            try:
                yield raw.decode("utf-8-sig" if self.read == len(raw) else "utf-8")
            except UnicodeDecodeError as error:
                message = f"{self._path} is not UTF-8 at byte {self.read - len(raw) + error.start}: save it as UTF-8"
                raise Refused(message, file=str(self._path)) from None

    def _rows(self, lines: Iterator[str]) -> Iterator[Row | BadRow]:
        header = next(lines, "")
        delimiter = max(_DELIMITERS, key=header.count)
        self.has_decimal_comma = delimiter == ";"
        self.columns = self._header(next(csv.reader([header], delimiter=delimiter), []))
        return self._body(csv.reader(lines, delimiter=delimiter, strict=True))

    def _header(self, cells: list[str]) -> Sequence[str]:
        columns = [cell.strip().lower().replace(" ", "_") for cell in cells]
        if not all(columns) or not columns:
            raise Refused(f"{self._path}: the first line must name every column", file=str(self._path))
        twice = sorted({column for column in columns if columns.count(column) > 1})
        if twice:
            raise Refused(f"{self._path}: column {twice[0]!r} is there twice", file=str(self._path))
        return columns

    def _body(self, rows: Iterator[list[str]]) -> Iterator[Row | BadRow]:
        before = 0
        csv.field_size_limit(_LONGEST_CELL)
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
            begins = "; ".join(cells)[:_SHOWN]
            return BadRow(line, f"{len(cells)} cells where the header has {len(self.columns)}: {begins!r}")
        named = zip(self.columns, (cell.strip() for cell in cells), strict=True)
        return Row(line, {column: cell for column, cell in named if cell})
