"""The dead letters in memory."""

from collections.abc import Sequence

from application.errors import NotFound
from application.ports.dead_letters import DeadLetter


class MemoryDeadLetters:
    """Keeps each letter once, by its id."""

    def __init__(self) -> None:
        self._letters: dict[str, DeadLetter] = {}

    async def add(self, letters: Sequence[DeadLetter]) -> None:
        for letter in letters:
            self._letters.setdefault(letter.letter_id, letter)

    async def list(self, *, reason: str = "", limit: int = 100) -> Sequence[DeadLetter]:
        found = [letter for letter in self._letters.values() if not reason or letter.reason == reason]
        found.sort(key=lambda letter: (letter.received_us, letter.letter_id), reverse=True)
        return found[:limit]

    async def get(self, letter_id: str) -> DeadLetter:
        try:
            return self._letters[letter_id]
        except KeyError:
            raise NotFound(f"no dead letter {letter_id!r} is kept", letter_id=letter_id) from None
