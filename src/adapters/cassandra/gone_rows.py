"""Which devices stood in a table at the last look, so that those are known that are gone since.

Kept in a file of its own, or a row taken away while nobody looks would never be missed.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec

from adapters.system.durable_files import write_whole
from application.errors import Refused, Unavailable, WrongShape

_FEW = 10
_MOST_SHARE = 0.1
"""More of the table at once is a mistake (an emptied table, a wrong name), and nobody's device is retired for that."""

_decoder = msgspec.json.Decoder(dict[str, str])


class GoneRows:
    """Devices by the key of their row."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: dict[str, str] = {}
        self._now: dict[str, str] = {}

    def load(self) -> None:
        """Read what stood there at the last look; nothing, the first time.

        Raises:
            Refused, Unavailable, WrongShape: the file cannot be read.
        """
        try:
            self._kept = _decoder.decode(self._path.read_bytes())
        except FileNotFoundError:
            self._kept = {}
        except OSError as error:
            raise Refused(f"{self._path}: {error.strerror}: correct memory_file", path=str(self._path)) from error
        except msgspec.MsgspecError as error:
            message = f"{self._path} cannot be read: {error}; remove it: rows that went meanwhile are then not missed"
            raise WrongShape(message, path=str(self._path)) from error

    def note(self, key: str, device: str) -> None:
        """Note that a row is there; ``device`` is empty where it names none."""
        self._now[key] = device.lower()

    def gone(self) -> Mapping[str, str]:
        """Return, at the end of a look, the devices that were there at the last one and are not now, by their row."""
        present = {"", *self._now.values()}
        return {key: device for key, device in self._kept.items() if key not in self._now and device not in present}

    def is_too_much(self, gone: Collection[str]) -> bool:
        """Say whether so many went at once that it must be a mistake."""
        return len(gone) > max(_FEW, _MOST_SHARE * len(self._kept))

    def keep(self) -> None:
        """Remember what is there now, once those gone were told; and begin another look.

        Raises:
            Unavailable: the disk is full or broken.
        """
        if self._now != self._kept:
            self._write(msgspec.json.encode(self._now))
            self._kept = self._now
        self._now = {}

    def drop(self) -> None:
        """Begin another look, as if this one had not been."""
        self._now = {}

    def _write(self, content: bytes) -> None:
        try:
            write_whole(self._path, content)
        except OSError as error:
            raise Unavailable(f"{self._path}: {error.strerror}: see memory_file", path=str(self._path)) from error
