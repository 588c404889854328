"""Rows appended to files, one or more a day, and each exactly once: how far the log is stored is kept with them.

Order of what is made durable: rows, then the file's length together with the places of the log. What lies beyond that
length is cut away at the next start and read from the log again, so a kill between the two repeats no row and loses
none. A new file is noted before its first row, and is emptied where nothing of it counts.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from adapters.csv.durable import translated, write_whole
from adapters.csv.folder_lock import FolderLock
from adapters.csv.incoming import stamp_of
from adapters.csv.kept_file import KeptFile
from application.errors import Refused, WrongShape
from domain.rfc3339 import format_rfc3339

_NS_PER_US = 1_000
_DATE = len("2026-01-01")


class Stand(Struct, frozen=True):
    """What counts."""

    file: str = ""
    """The one that grows."""
    length: int = 0
    """Bytes of it that count."""
    places: Mapping[str, int] = {}
    """Where each stretch of the log goes on."""


_decode = msgspec.json.Decoder(Stand).decode


def nothing(_: str) -> None:
    """Do nothing at a named point; tests kill their process there."""


class DailyFiles:
    """``NAME-2026-11-23.csv``, then ``NAME-2026-11-23-2.csv`` …; one process's alone. Every call may block."""

    def __init__(
        self, folder: Path, name: str, header: bytes, *, most_bytes: int, at: Callable[[str], None] = nothing
    ) -> None:
        self._folder = folder
        self._name = name
        self._header = header
        self._most_bytes = most_bytes
        self._at = at
        self._path = folder / f".{name}.position.json"
        self._lock = FolderLock(folder / f".{name}.lock")
        self._file: KeptFile | None = None
        self.stand = Stand()

    def open(self) -> None:
        """Take the folder and read how far we were. It is never made: it may be a share that is not mounted.

        Raises:
            Refused: the folder is not ours to write, another process works there, or files are there without a place.
            Unavailable: it cannot be read now.
            WrongShape: what stands there is not what was written.
        """
        self._lock.acquire()
        try:
            self.stand = self._read()
            path = self._folder / self.stand.file
            if self.stand.file and stamp_of(path) is not None:  # else it was taken away, and the next one begins
                self._file = KeptFile(path, self.stand.length)
                self._file.cut()
        except BaseException:
            self._lock.release()
            raise

    def close(self) -> None:
        """Close the file and give the folder back."""
        if self._file is not None:
            self._file.close()
        self._lock.release()

    def append(self, rows: bytes, places: Mapping[str, int], now_us: int) -> None:
        """Add ``rows``, and make durable with them where the log goes on.

        Raises:
            Unavailable: the disk is full or broken; nothing of this counts.
            WrongShape: somebody cut the file.
        """
        places = {**self.stand.places, **places}
        if self._file is not None and not self._file.is_in_place:
            self._file.close()
            self._file = None  # taken away while it was open: what were written to it now nobody would ever see
        file = self._file
        if rows:
            file = self._growing(now_us)
            file.append(rows if file.length else self._header + rows)
            self._at("rows_durable")
        # Of a file that was taken away as much counts as before: it may come back.
        self._keep(Stand(self.stand.file, file.length if file is not None else self.stand.length, places))
        self._at("place_kept")

    def _growing(self, now_us: int) -> KeptFile:
        """Return today's file, or the next one where that is full."""
        day = format_rfc3339(now_us * _NS_PER_US)[:_DATE]
        file, stem = self._file, f"{self._name}-{day}"
        number = self._number(stem)
        if file is None or number == 0 or file.length >= self._most_bytes:
            if file is not None:
                file.close()
            name = self._fresh(stem, number)
            self._keep(Stand(name, 0, self.stand.places))
            self._at("file_noted")
            file = self._file = KeptFile(self._folder / name, 0)
        return file

    def _number(self, stem: str) -> int:
        """Return the number of the file that grows among those of its day; 0: it is of another day."""
        found = re.fullmatch(rf"{re.escape(stem)}(?:-(\d+))?\.csv", self.stand.file)
        return int(found[1] or 1) if found else 0

    def _fresh(self, stem: str, number: int) -> str:
        """Return a name that no file has: one taken away and begun anew must not be mistaken for the other."""
        while True:
            number += 1
            name = f"{stem}.csv" if number == 1 else f"{stem}-{number}.csv"
            if stamp_of(self._folder / name) is None:
                return name

    def _keep(self, stand: Stand) -> None:
        if stand != self.stand:
            write_whole(self._path, msgspec.json.encode(stand))
            self.stand = stand

    def _read(self) -> Stand:
        with translated(self._path):
            try:
                content = self._path.read_bytes()
            except FileNotFoundError:
                self._refuse_files_without_place()
                return Stand()
        try:
            return _decode(content)
        except msgspec.MsgspecError as error:
            message = f"{self._path} cannot be read: {error}; restore it, or move it and the files of {self._name} away"
            raise WrongShape(message, path=str(self._path)) from error

    def _refuse_files_without_place(self) -> None:
        ours = re.compile(rf"{re.escape(self._name)}-\d{{4}}-\d\d-\d\d(-\d+)?\.csv")
        left = sorted(each.name for each in self._folder.iterdir() if ours.fullmatch(each.name))
        if left:
            message = (
                f"{self._folder / left[0]} is there, but {self._path.name} is not: its rows would be written again"
            )
            raise Refused(f"{message}; restore that, or move the files away", path=str(self._path))
