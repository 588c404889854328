"""How much a consumer of uplinks takes at once, and how often."""

from msgspec import Struct


class ConsumerPace(Struct, frozen=True):
    """Of each partition."""

    batch: int = 1_000
    """Uplinks at most; at 60 µs each, they keep the event loop (and the sign of life to the group) for 60 ms."""
    commit_s: float = 0.2
    """Between two commits of the position at least. Each costs the broker a write of its own; with every batch it was a
    third of all requests at 2,500 uplinks/s. What a kill leaves uncommitted is read again, and its devices remember
    it."""
