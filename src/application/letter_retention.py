"""How long a dead letter may keep what it holds: as its data class says, whoever has looked at it or not.

A letter whose time is over is settled as ``expired``: it is shown without message and payload, and what was wrong with
it stays. It counts from receipt, as nobody knows of which instant an unreadable message tells. A topic has an end of
its own, at which letters vanish whole, and until which their first records stay.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from application.ports.clock import Clock
from application.ports.dead_letters import DeadLetter, DeadLetters, Settlement

EXPIRED = "expired"
_AT_ONCE = 500
"""Letters held, and settled, at once: embedded, uplinks wait meanwhile; and after a flood there are 100,000."""
_US_PER_DAY = 86_400 * 1_000_000


class LetterRetention:
    """Takes letters from the desk whose time is over."""

    def __init__(self, letters: DeadLetters, kept_days: Mapping[str, int], clock: Clock, vanish_days: int = 0) -> None:
        """Take for how many days letters of each data class are kept; 0, or none: without an end.

        ``vanish_days``: after which they vanish by themselves, of whatever class; 0: they do not.
        """
        self._letters = letters
        self._kept_days = kept_days
        self._clock = clock
        self._vanish_days = vanish_days

    @property
    def has_ends(self) -> bool:
        """Whether letters of any class have an end that somebody must bring about."""
        return any(self._kept_days.values())

    def ends_us(self, letter: DeadLetter) -> int | None:
        """Return until when ``letter`` keeps its bytes, µs since 1970-01-01 UTC; None: until it is settled."""
        ends = [days for days in (self._kept_days.get(letter.data_class, 0), self._vanish_days) if days]
        return letter.received_us + min(ends) * _US_PER_DAY if ends else None

    async def expire(self) -> int:
        """Settle all letters whose time is over, and return how many were settled by this call. Again is harmless.

        Raises:
            Unavailable: not all could be settled; ask again.
        """
        if not self.has_ends:
            return 0
        now_us = self._clock.now_us()
        expired, over = 0, list[DeadLetter]()
        async for each in self._letters.waiting():
            days = self._kept_days.get(each.data_class, 0)
            if days and each.received_us + days * _US_PER_DAY <= now_us:
                over.append(self._expired(each, now_us))
            if len(over) == _AT_ONCE:
                await self._letters.settle(over)
                expired, over = expired + len(over), []
        if over:
            await self._letters.settle(over)
        return expired + len(over)

    def _expired(self, letter: DeadLetter, now_us: int) -> DeadLetter:
        days = self._kept_days[letter.data_class]
        return replace(letter, settled=Settlement(EXPIRED, now_us, f"{letter.data_class} is kept for {days} days"))
