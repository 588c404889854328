"""Sending canaries: messages of our own to where a source's messages come from (application.connectors.canary)."""

from collections.abc import Sequence
from typing import Protocol

CANARY = "stadtfunk-canary"
"""Device id that is kept for canaries and stands in the topic of each: no device may bear it."""


class CanaryPost(Protocol):
    """Promises: tests/contract/canary_post.py."""

    ways: int
    """By how many ways messages come in (topic filters): each needs a canary of its own."""

    def way_of(self, topic: str) -> int | None:
        """Return the way by which a message on ``topic`` comes in; None: by none that has a canary."""

    async def send(self, nonces: Sequence[str]) -> None:
        """Send one canary for each way; its nonce comes in as it stands, somewhere in the body of its message.

        Raises:
            Unavailable: the far end does not take them now.
            Refused: it never will.
        """
