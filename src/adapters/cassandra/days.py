"""Days: the partitions of a device's observations, and which of them this process knows to be in the index."""

from collections.abc import Iterable

_DAY_NS = 86_400 * 1_000_000_000
_MOST = 125_000
"""In a generation, 100 bytes each: two generations hold a day of 185,000 devices and more in 25 MB."""
_KEPT_S = 43_200.0
"""Half a day for a generation: after two the entry is written again, and its time to live starts anew."""


def day_of(event_ns: int) -> int:
    """Return the UTC day of an instant, in days since 1970-01-01."""
    return event_ns // _DAY_NS


class KnownDays:
    """A set of partitions that forgets the older half when it is full or old."""

    def __init__(self) -> None:
        self._newer: set[bytes] = set()
        self._older: set[bytes] = set()
        self._since_s = 0.0

    def __contains__(self, partition: bytes) -> bool:
        return partition in self._newer or partition in self._older

    def add(self, partitions: Iterable[bytes], now_s: float) -> None:
        """Remember partitions whose day is durably in the index."""
        if len(self._newer) >= _MOST or now_s - self._since_s > _KEPT_S:
            self._older, self._newer, self._since_s = self._newer, set(), now_s
        self._newer.update(partitions)
