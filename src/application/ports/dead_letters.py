"""Messages that could not be used: kept with reason and origin until somebody mends the cause."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct


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


class DeadLetters(Protocol):
    """Promises: tests/contract/dead_letters.py."""

    async def add(self, letters: Sequence[DeadLetter]) -> None:
        """Keep ``letters``; one that is known already, by its id, is kept once.

        Raises:
            Unavailable: they cannot be kept now, and must not be dropped.
        """

    async def list(self, *, reason: str = "", limit: int = 100) -> Sequence[DeadLetter]:
        """Return the newest letters first (by receipt), of one reason if given."""

    async def get(self, letter_id: str) -> DeadLetter:
        """Return one letter.

        Raises:
            NotFound: no such letter.
        """
