"""What a source of files remembers: how far it is in the file in hand, and which files it has done.

Two small files beside the tables, each written whole: the one in hand with every batch, the others with every file.
"""

from collections.abc import Collection
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from adapters.csv.durable import translated, write_whole
from adapters.csv.incoming import Stamp
from application.errors import WrongShape


class InHand(Struct, frozen=True):
    """A file, and how much of it is stored."""

    name: str
    stamp: Stamp
    digest: str
    line: int = 0
    """Where the last row begins that is stored, or told to be rejected."""
    rejected: int = 0
    """Bytes of its table of rejected rows that count."""
    is_done: bool = False
    moved_to: str = ""
    """Once done: what it is called among the finished ones; empty: it stays where it is."""


class Done(Struct, frozen=True):
    """A file that stays where it is, and is not to be worked on again."""

    stamp: Stamp
    digest: str


_T = TypeVar("_T")
_IN_HAND: msgspec.json.Decoder[InHand | None] = msgspec.json.Decoder(InHand | None)
_DONE = msgspec.json.Decoder(dict[str, Done])


class FileMemory:
    """Durable with each change."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path_in_hand = folder / f".{name}.in-hand.json"
        self._path_done = folder / f".{name}.done.json"
        self.in_hand: InHand | None = None
        self.done: dict[str, Done] = {}
        """By name of the file."""

    def load(self) -> None:
        """Read what was remembered; nothing, the first time.

        Raises:
            WrongShape: it was written by somebody else.
        """
        self.in_hand = _read(self._path_in_hand, _IN_HAND, None)
        self.done = _read(self._path_done, _DONE, {})

    def keep(self, in_hand: InHand | None) -> None:
        """Remember the file in hand.

        Raises:
            Unavailable: the disk is full or broken.
        """
        if in_hand != self.in_hand:
            write_whole(self._path_in_hand, msgspec.json.encode(in_hand))
            self.in_hand = in_hand

    def finish(self, name: str, done: Done, present: Collection[str]) -> None:
        """Remember that a file is done, and forget those that are no longer there.

        Raises:
            Unavailable: the disk is full or broken.
        """
        done_files = {each: known for each, known in self.done.items() if each in present} | {name: done}
        write_whole(self._path_done, msgspec.json.encode(done_files))
        self.done = done_files


def _read(path: Path, decoder: msgspec.json.Decoder[_T], nothing: _T) -> _T:
    with translated(path):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return nothing
    try:
        return decoder.decode(content)
    except msgspec.MsgspecError as error:
        message = f"{path} cannot be read: {error}; was it written by a newer stadtfunk? Restore it, or remove it:"
        raise WrongShape(f"{message} the files that are there are then worked on again", path=str(path)) from error
