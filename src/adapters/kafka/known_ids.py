"""Ids that were seen, of as many letters as a topic may hold, in bounded memory.

A set of Python grows by 150 bytes with each id: 150 MB where a flood has left a million letters.
"""

from hashlib import blake2b

from adapters.kafka.scratch import Scratch

_DIGEST_BYTES = 16
"""Two of a million letters would be taken for one with a probability of 1e6² / 2^129 = 1.5e-27."""


class KnownIds(Scratch):
    """A set of ids; a context manager."""

    def __init__(self) -> None:
        super().__init__("CREATE TABLE ids (id BLOB PRIMARY KEY) WITHOUT ROWID")

    def add(self, known: str) -> bool:
        """Take an id in; say whether it is new.

        Raises:
            Unavailable: there is no room for it on the disk.
        """
        return self._change("INSERT OR IGNORE INTO ids VALUES (?)", _digest(known)) == 1


def _digest(known: str) -> bytes:
    return blake2b(known.encode(), digest_size=_DIGEST_BYTES).digest()
