"""The folder of a source of files: which file comes next, how far it is done, and where it goes then."""

import time
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from adapters.csv.durable import translated
from adapters.csv.file_memory import Done, FileMemory, InHand
from adapters.csv.folder_lock import FolderLock
from adapters.csv.incoming import Incoming, Stamp, digest_of, stamp_of
from adapters.csv.rejected_rows import rejected_path
from adapters.system.durable_files import sync_folder
from application.errors import Refused

FINISHED = "done"
"""The folder, within the one that is looked at, where finished files go."""


def nothing(_: str) -> None:
    """Do nothing at a named point; tests kill their process there."""


class WorkFolder:
    """One process's alone. Every call may block, and belongs on a thread."""

    def __init__(
        self,
        path: Path,
        name: str,
        *,
        pattern: str,
        stays: bool,
        settle_s: float,
        now_s: Callable[[], float] = time.monotonic,
        at: Callable[[str], None] = nothing,
    ) -> None:
        self._path = path
        self._name = name
        self._pattern = pattern
        self._stays = stays
        self._settle_s = settle_s
        self._now_s = now_s
        self._at = at
        self.waiting = 0
        """Files that are whole and come after the one in hand."""

    def open(self) -> None:
        """Take the folder for us, and read what is remembered.

        Raises:
            Refused: there is no such folder, it is not ours to write, or another process works there.
            Unavailable: it cannot be read now.
            WrongShape: what is remembered was written by somebody else.
        """
        with translated(self._path):
            is_folder = self._path.is_dir()
        if not is_folder and not self._path.suffix:
            message = f"{self._path}: there is no such folder: make it, or correct the connector's path"
            raise Refused(message, path=str(self._path))
        self._folder = self._path if is_folder else self._path.parent
        self._stays = self._stays or not is_folder
        pattern = self._pattern if is_folder else self._path.name.replace("[", "[[]")
        self._incoming = Incoming(self._folder, pattern, self._settle_s, self._now_s)
        self._memory = FileMemory(self._folder, self._name)
        self._lock = FolderLock(self._folder / f".{self._name}.lock")
        self._lock.acquire()
        try:
            self._memory.load()
        except BaseException:
            self._lock.release()
            raise

    def close(self) -> None:
        """Give the folder back."""
        self._lock.release()

    def take(self) -> tuple[Path, InHand] | None:
        """Return the next file, with how far it is done; None: there is none that is whole.

        Raises:
            Refused, Unavailable: the folder or the file cannot be read or written.
        """
        self._end_what_is_done()
        whole = {name: stamp for name, stamp in self._incoming.whole().items() if not self._is_known(name, stamp)}
        for number, (name, stamp) in enumerate(whole.items()):
            path = self._folder / name
            self.waiting = len(whole) - number - 1
            try:
                return path, self._in_hand(path, stamp)
            except Refused:
                if stamp_of(path) is not None:
                    raise
        return None

    def keep(self, known: InHand) -> None:
        """Remember how far the file in hand is done.

        Raises:
            Unavailable: the disk is full or broken; what was remembered before still is.
        """
        self._memory.keep(known)
        self._at("position_kept")

    def finish(self, known: InHand) -> None:
        """Remember that all of a file is done, and put it away; one that was changed meanwhile is to be read anew.

        Raises:
            Unavailable: the disk is full or broken.
        """
        if stamp_of(self._folder / known.name) != known.stamp:
            self._memory.keep(None)
            return
        if not known.rejected:
            with translated(self._folder):  # a kill may have left rows that are none any more
                rejected_path(self._folder / known.name).unlink(missing_ok=True)
        moved_to = "" if self._stays else self._free_name(known.name)
        self._memory.keep(replace(known, is_done=True, moved_to=moved_to))
        self._at("end_noted")
        self._end_what_is_done()

    def _end_what_is_done(self) -> None:
        """Put away a file that is done: a kill may have come between."""
        known = self._memory.in_hand
        if known is None or not known.is_done:
            return
        if known.moved_to:
            self._move(known)
        else:
            with translated(self._folder):
                present = {each.name for each in self._folder.iterdir()}
            self._memory.finish(known.name, Done(known.stamp, known.digest), present)
        self._at("put_away")
        self._memory.keep(None)

    def _move(self, known: InHand) -> None:
        path = self._folder / known.name
        target = self._folder / FINISHED / known.moved_to
        with translated(target):
            if stamp_of(path) == known.stamp:
                path.replace(target)
            self._at("file_moved")
            rejected = rejected_path(path)
            if known.rejected and rejected.exists():
                rejected.replace(rejected_path(target))
            sync_folder(target.parent)
            sync_folder(self._folder)

    def _free_name(self, name: str) -> str:
        """Return what ``name`` can be called among the finished files, where there may be one of that name."""
        finished = self._folder / FINISHED
        with translated(finished):
            finished.mkdir(exist_ok=True)
            stem, dot, kind = name.rpartition(".")
            number, free = 1, name
            while (finished / free).exists():
                number += 1
                free = f"{stem or kind}-{number}{dot}{kind if stem else ''}"
        return free

    def _is_known(self, name: str, stamp: Stamp) -> bool:
        """Say whether a file that stays was worked on, as it is now."""
        done = self._memory.done.get(name) if self._stays else None
        if done is None or done.stamp.size != stamp.size:
            return False
        if done.stamp != stamp:  # perhaps only touched
            try:
                digest = digest_of(self._folder / name)
            except Refused:
                if stamp_of(self._folder / name) is not None:
                    raise
                return True  # it was taken away meanwhile
            if digest != done.digest:
                return False
            self._memory.finish(name, Done(stamp, done.digest), {*self._memory.done})
        return True

    def _in_hand(self, path: Path, stamp: Stamp) -> InHand:
        """Return what is remembered of a file, if it is the same; else that nothing of it is done."""
        known, digest = self._memory.in_hand, digest_of(path)
        if known is not None and (known.name, known.digest) == (path.name, digest):
            return replace(known, stamp=stamp)
        fresh = InHand(path.name, stamp, digest)
        with translated(path):
            rejected_path(path).unlink(missing_ok=True)  # of a file of that name before
        self._memory.keep(fresh)
        return fresh
