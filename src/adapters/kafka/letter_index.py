"""Where the letters of a topic stand, and which of them wait: in bounded memory, newest first.

It holds no messages: 100 bytes a letter.
"""

from collections.abc import Iterator, Sequence

from adapters.kafka.scratch import Scratch
from application.ports.dead_letters import DeadLetter
from application.ports.uplink_log import Place

_TABLE = """CREATE TABLE letters (letter_id TEXT PRIMARY KEY, received_us INTEGER, partition INTEGER, offset INTEGER,
    bytes INTEGER, waits INTEGER) WITHOUT ROWID"""
_WAITS = "INSERT INTO letters VALUES (?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING"
_SETTLED = "INSERT INTO letters VALUES (?, 0, 0, 0, 0, 0) ON CONFLICT DO UPDATE SET waits = 0"
_NEWEST = "SELECT partition, offset, bytes FROM letters WHERE waits ORDER BY received_us DESC, letter_id DESC"
_MOST = 5_000
_MOST_BYTES = 16_777_216
"""Of letters held at once: a jump to other records costs as much as a thousand of them."""


class LetterIndex(Scratch):
    """The letters that wait, of all whose records were taken in; a context manager."""

    def __init__(self) -> None:
        super().__init__(_TABLE)

    def take(self, letter: DeadLetter, place: Place, size: int) -> None:
        """Take in a record; one that settles its letter counts whenever it comes.

        Raises:
            Unavailable: there is no room for it on the disk.
        """
        if letter.settled is not None:
            self._change(_SETTLED, letter.letter_id)
        else:
            self._change(_WAITS, letter.letter_id, letter.received_us, *place, size)

    def newest_first(self) -> Iterator[Sequence[Place]]:
        """Yield where the letters stand that wait, as many at once as may be held.

        Raises:
            Unavailable: there is no room on the disk to sort them.
        """
        some: list[Place] = []
        held = 0
        for partition, offset, size in self._rows(_NEWEST):
            if some and (len(some) == _MOST or held + size > _MOST_BYTES):
                yield some
                some, held = [], 0
            some.append((partition, offset))
            held += size
        if some:
            yield some
