"""Files that come in, and which of them are whole."""

from collections.abc import Callable
from fnmatch import fnmatchcase
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct

from adapters.csv.durable import translated

REJECTED = ".rejected.csv"
_UNFINISHED = (".part", ".tmp", ".new", ".filepart", ".crdownload", ".swp", "~")
"""What programs call a file that they still write; renamed once it is whole."""
_CHUNK = 1_048_576


class Stamp(Struct, frozen=True):
    """What tells without reading whether a file was changed."""

    size: int
    mtime_ns: int


class Incoming:
    """Looks at a folder; a file is whole once it has stayed as it is for some seconds."""

    def __init__(self, folder: Path, pattern: str, settle_s: float, now_s: Callable[[], float]) -> None:
        self._folder = folder
        self._pattern = pattern
        self._settle_s = settle_s
        self._now_s = now_s
        self._seen: dict[str, tuple[Stamp, float]] = {}

    def whole(self) -> dict[str, Stamp]:
        """Return the files that nobody writes any more, the older first.

        Raises:
            Refused, Unavailable: the folder cannot be read.
        """
        with translated(self._folder):
            names = sorted(each.name for each in self._folder.iterdir() if self._is_ours(each))
        stamps = {name: stamp for name in names if (stamp := stamp_of(self._folder / name)) is not None}
        now_s = self._now_s()
        seen = self._seen
        self._seen = {
            name: (stamp, seen[name][1] if name in seen and seen[name][0] == stamp else now_s)
            for name, stamp in stamps.items()
        }
        whole = [name for name, (_, since_s) in self._seen.items() if now_s - since_s >= self._settle_s]
        return {name: stamps[name] for name in sorted(whole, key=lambda name: (stamps[name].mtime_ns, name))}

    def _is_ours(self, path: Path) -> bool:
        name = path.name
        if name.startswith((".", "~")) or name.endswith((*_UNFINISHED, REJECTED)):
            return False
        return fnmatchcase(name, self._pattern) and path.is_file()


def stamp_of(path: Path) -> Stamp | None:
    """Return the stamp of a file; None: it is gone.

    Raises:
        Refused, Unavailable: nothing can be said of it.
    """
    with translated(path):
        try:
            status = path.stat()
        except FileNotFoundError:
            return None
    return Stamp(status.st_size, status.st_mtime_ns)


def digest_of(path: Path) -> str:
    """Return what tells by its content whether a file is the one we know.

    Raises:
        Refused, Unavailable: it cannot be read.
    """
    digest = blake2b(digest_size=16)
    with translated(path), path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
