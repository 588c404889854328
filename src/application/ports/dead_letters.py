"""Messages that could not be used: kept with reason and origin until somebody mends the cause."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace


class Settlement(Struct, frozen=True, gc=False, omit_defaults=True):
    """What became of a letter in the end."""

    verdict: str
    """``resolved``: read after all; ``discarded``: nobody wants it; ``expired``: its class may be kept no longer."""
    settled_us: int
    """When, µs since 1970-01-01 UTC."""
    detail: str
    """Which decoder read it, why it was discarded, or for how long its class is kept."""
    readings: int = 0
    """How many readings came of it that were not there before."""


class DeadLetter(Struct, frozen=True, gc=False, omit_defaults=True):
    """One message that could not be used."""

    letter_id: str
    """Reason and digest of topic, message and payload: the same however often a transport repeats the message."""
    reason: str
    """Stable code: ``envelope_unreadable``, ``device_type_unknown``, ``payload_too_short`` …"""
    stage: str
    """``process`` or ``sink``."""
    detail: str
    """Names the field, the value and the remedy."""
    origin: str
    """Where the message stands: ``uplinks/3@4711``."""
    source: str
    topic: str
    """Topic the message came on."""
    received_us: int
    body: bytes
    """The message, untouched (JSON: base64)."""
    dev_eui: str = ""
    """Empty where it cannot be told."""
    device_type: str = ""
    decoder: str = ""
    payload: bytes = b""
    """The application payload that could not be decoded; empty where the envelope is what is broken."""
    data_class: str = "meter_personal"
    """Whose business it is (``domain.observation.DataClass``): the strictest of what the device has said so far; the
    strictest there is where nothing is known of it."""
    settled: Settlement | None = None
    """None: it waits on the desk. A settled letter is kept without message and payload."""


class DeadLetters(Protocol):
    """Promises: tests/contract/dead_letters.py."""

    async def add(self, letters: Sequence[DeadLetter]) -> None:
        """Keep ``letters``; one that is known already, by its id, is kept once.

        Raises:
            Unavailable: they cannot be kept now, and must not be dropped.
        """

    async def list(self, *, reason: str = "", limit: int = 100) -> Sequence[DeadLetter]:
        """Return the newest letters first (by receipt), of one reason if given; those that are settled are left out."""

    def waiting(self) -> AsyncIterator[DeadLetter]:
        """Yield all letters that are not settled, each once, in no order.

        Raises:
            Unavailable: they cannot be read now.
        """

    def chosen(self, takes: Callable[[DeadLetter], bool]) -> AsyncIterator[DeadLetter]:
        """Yield the letters that are not settled and that ``takes``, each once, the newest first by receipt.

        Those that are yielded may be settled meanwhile. However many there are, few are held at once.

        Raises:
            Unavailable: they cannot be read now.
        """

    async def settled(self, *, reason: str = "", limit: int = 100) -> Sequence[DeadLetter]:
        """Return letters that are settled, of one reason if given, those settled last first."""

    async def settle(self, letters: Sequence[DeadLetter]) -> None:
        """Keep what became of ``letters``, each with its ``settled``; one that is settled already stays as it is.

        A settled letter loses its message and payload. Added again, it stays settled.

        Raises:
            Unavailable: not all could be kept; give all again.
        """

    async def get(self, letter_id: str) -> DeadLetter:
        """Return one letter, settled or not.

        Raises:
            NotFound: no such letter.
        """


def without_bytes(letter: DeadLetter) -> DeadLetter:
    """Return ``letter`` as it is kept once it is settled."""
    return replace(letter, body=b"", payload=b"")
