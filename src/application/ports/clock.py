"""The time of day."""

from typing import Protocol


class Clock(Protocol):
    """Promises: tests/contract/clock.py."""

    def now_us(self) -> int:
        """Return µs since 1970-01-01 UTC."""
