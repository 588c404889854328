"""The truth as lines of JSON, written as it comes to be: memory stays bounded."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from adapters.simulated_city.truth import Told
from application.errors import Unavailable

_BUFFER = 1 << 20
"""1 MiB: about 7,000 lines a write."""


class TruthFile:
    """One JSON object a line; ``kind`` is ``reading``, ``poison``, ``incident`` or ``device``.

    An existing file is replaced.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._encode = msgspec.json.Encoder().encode

    def open(self) -> None:
        """Open the file.

        Raises:
            Unavailable: it cannot be written.
        """
        try:
            self._file = self._path.open("wb", buffering=_BUFFER)
        except OSError as error:
            raise self._unavailable(error) from error

    def tell(self, truth: Told) -> None:
        if self._file is None:
            self.open()
        try:
            self._file.write(self._encode(truth) + b"\n")  # type: ignore[union-attr]  # open() has set it
        except OSError as error:
            raise self._unavailable(error) from error

    def close(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            try:
                file.close()
            except OSError as error:  # the last lines found no room
                raise self._unavailable(error) from error

    def _unavailable(self, error: OSError) -> Unavailable:
        return Unavailable(
            f"truth file {self._path}: {error.strerror}: choose another truth_file", path=str(self._path)
        )


def read_truth(path: Path) -> Iterator[Told]:
    """Yield what a city wrote to ``path``."""
    decode = msgspec.json.Decoder(Told).decode
    with path.open("rb") as lines:
        for line in lines:
            yield decode(line)
