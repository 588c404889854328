"""A codec as it stands in files: the vendor's script, unchanged, and the mapping beside it."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from adapters.javascript.mapping_file import MappingInvalid, mapping_of
from adapters.javascript.wire import Load

_LONGEST = 2**20
"""Bytes; The Things Stack takes 40 kB, the largest published codecs have some 300 kB."""


class CodecFiles(Struct, frozen=True):
    """Where a codec stands."""

    name: str
    script: Path
    mapping: Path | None = None
    """None: nothing is made of the script's ``data``."""
    variables: dict[str, str] = {}

    def load(self) -> Load:
        """Return what the worker must be told.

        Raises:
            OSError, UnicodeError: a file cannot be read.
        """
        mapping = "" if self.mapping is None else self.mapping.read_text(encoding="utf-8")
        return Load(self.name, self.script.read_text(encoding="utf-8-sig"), self.variables, mapping)

    def mistakes(self) -> Iterator[str]:
        """Yield what can be seen to be wrong without running anything: ``script = 'codec.js': cannot be read: …``."""
        yield from _mistakes_of_file("script", self.script)
        if self.mapping is None:
            return
        unreadable = list(_mistakes_of_file("mapping", self.mapping))
        yield from unreadable
        if unreadable:
            return
        try:
            mapping_of(self.mapping.read_text(encoding="utf-8"))
        except MappingInvalid as error:
            yield from (f"mapping = {str(self.mapping)!r}: {mistake}" for mistake in error.mistakes)


def _mistakes_of_file(field: str, path: Path) -> Iterator[str]:
    try:
        if path.stat().st_size > _LONGEST:
            yield f"{field} = {str(path)!r}: it has more than {_LONGEST} bytes"
        else:
            path.read_text(encoding="utf-8")
    except OSError as error:
        yield f"{field} = {str(path)!r}: cannot be read: {error.strerror}"
    except UnicodeError:
        yield f"{field} = {str(path)!r}: is not UTF-8 text"
