"""The newest of as many letters as come."""

import heapq
from collections.abc import Callable, Sequence

from application.ports.dead_letters import DeadLetter


class Newest:
    """Keeps up to ``limit`` letters, by the time that ``time_of`` tells; no more are held."""

    def __init__(self, limit: int, time_of: Callable[[DeadLetter], int]) -> None:
        self._limit = limit
        self._time_of = time_of
        self._heap: list[tuple[int, str]] = []
        self._letters: dict[str, DeadLetter] = {}

    def add(self, letter: DeadLetter) -> None:
        """Keep ``letter`` if it is among the newest; a known one is kept once."""
        if letter.letter_id in self._letters:
            return
        heapq.heappush(self._heap, (self._time_of(letter), letter.letter_id))
        self._letters[letter.letter_id] = letter
        if len(self._heap) > self._limit:
            _, oldest = heapq.heappop(self._heap)
            del self._letters[oldest]

    def sorted(self) -> Sequence[DeadLetter]:
        """Return them, newest first."""
        return [self._letters[letter_id] for _, letter_id in sorted(self._heap, reverse=True)]
