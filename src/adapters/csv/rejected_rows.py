"""The table of rejected rows that stands beside a table: where, what, and how to mend it."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from adapters.csv.incoming import REJECTED
from adapters.csv.kept_file import KeptFile
from adapters.csv.safe_cells import safe
from application.ports.connector import BadRow

COLUMNS = ("line", "field", "value", "remedy")


class RejectedRows:
    """Of one table, behind the length of it that counts."""

    def __init__(self, path: Path, length: int) -> None:
        self._file = KeptFile(path, length)

    def add(self, rows: Iterable[tuple[int, BadRow]]) -> int:
        """Add rows with their lines; return the length that then counts.

        Raises:
            Unavailable: the disk is full or broken.
        """
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        if not self._file.length:
            table.writerow(COLUMNS)
        table.writerows([line, safe(bad.field), safe(bad.value), safe(bad.detail)] for line, bad in rows)
        self._file.append(text.getvalue().encode("utf-8", "replace"))
        return self._file.length

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def rejected_path(table: Path) -> Path:
    """Return where the rejected rows of ``table`` stand."""
    return table.with_name(table.name.removesuffix(".csv") + REJECTED)
