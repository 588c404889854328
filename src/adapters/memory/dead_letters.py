"""The dead letters in memory."""

from collections.abc import AsyncIterator, Callable, Sequence

from application.errors import NotFound
from application.ports.dead_letters import DeadLetter, without_bytes


class MemoryDeadLetters:
    """Keeps each letter once, by its id."""

    def __init__(self) -> None:
        self._letters: dict[str, DeadLetter] = {}

    async def add(self, letters: Sequence[DeadLetter]) -> None:
        for letter in letters:
            self._letters.setdefault(letter.letter_id, letter)

    async def list(self, *, reason: str = "", limit: int = 100) -> Sequence[DeadLetter]:
        return [each async for each in self.chosen(lambda letter: reason in ("", letter.reason))][:limit]

    async def waiting(self) -> AsyncIterator[DeadLetter]:
        for letter in [each for each in self._letters.values() if each.settled is None]:
            yield letter

    async def chosen(self, takes: Callable[[DeadLetter], bool]) -> AsyncIterator[DeadLetter]:
        found = [each for each in self._letters.values() if each.settled is None and takes(each)]
        for letter in sorted(found, key=lambda each: (each.received_us, each.letter_id), reverse=True):
            yield letter

    async def settled(self, *, reason: str = "", limit: int = 100) -> Sequence[DeadLetter]:
        found = [each for each in self._letters.values() if each.settled is not None and reason in ("", each.reason)]
        found.sort(key=lambda each: (each.settled.settled_us if each.settled else 0, each.letter_id), reverse=True)
        return found[:limit]

    async def settle(self, letters: Sequence[DeadLetter]) -> None:
        for letter in letters:
            known = self._letters.get(letter.letter_id)
            if known is None or known.settled is None:
                self._letters[letter.letter_id] = without_bytes(letter)

    async def get(self, letter_id: str) -> DeadLetter:
        try:
            return self._letters[letter_id]
        except KeyError:
            raise NotFound(f"no dead letter {letter_id!r} is kept", letter_id=letter_id) from None
