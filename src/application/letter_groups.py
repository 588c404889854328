"""Dead letters that wait, counted by what they have in common: where to begin mending."""

from collections.abc import AsyncIterable, Callable, Mapping, Sequence

from msgspec import Struct

from application.ports.dead_letters import DeadLetter


class LetterGroup(Struct, frozen=True):
    """Letters with one cause, or of one device type."""

    name: str
    letters: int
    devices: int
    """Whose DevEUI is known."""
    first_us: int
    """Receipt of the oldest, µs since 1970-01-01 UTC."""
    last_us: int
    sample: str
    """Id of the newest: one to look at."""


BY: Mapping[str, Callable[[DeadLetter], str]] = {
    "cause": lambda letter: letter.reason,
    "type": lambda letter: letter.device_type,
    "cause-and-type": lambda letter: f"{letter.reason} {letter.device_type}".rstrip(),
}
"""What letters may be grouped by."""


async def grouped(letters: AsyncIterable[DeadLetter], by: str) -> Sequence[LetterGroup]:
    """Return the groups of ``letters``, the largest first."""
    name_of = BY[by]
    counted: dict[str, _Counting] = {}
    async for letter in letters:
        counted.setdefault(name_of(letter), _Counting()).take(letter)
    groups = [counting.group(name) for name, counting in counted.items()]
    return sorted(groups, key=lambda group: (-group.letters, group.name))


class _Counting:
    """A group in the making."""

    def __init__(self) -> None:
        self._letters = 0
        self._devices: set[str] = set()
        self._first_us = 2**63
        self._last: tuple[int, str] = (-1, "")

    def take(self, letter: DeadLetter) -> None:
        """Add a letter."""
        self._letters += 1
        if letter.dev_eui:
            self._devices.add(letter.dev_eui)
        self._first_us = min(self._first_us, letter.received_us)
        self._last = max(self._last, (letter.received_us, letter.letter_id))

    def group(self, name: str) -> LetterGroup:
        """Return what was counted."""
        last_us, sample = self._last
        return LetterGroup(name, self._letters, len(self._devices), self._first_us, last_us, sample)
