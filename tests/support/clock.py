"""A clock that stands still until a test moves it."""


class FakeClock:
    """Starts at 2026-01-01 00:00 UTC."""

    def __init__(self, now_us: int = 1_767_225_600_000_000) -> None:
        self._now_us = now_us

    def now_us(self) -> int:
        """Return the time the test has set."""
        return self._now_us

    def advance(self, seconds: float) -> None:
        """Move on."""
        self._now_us += int(seconds * 1_000_000)
