"""The machine's clock."""

import time


class SystemClock:
    """UTC as the machine keeps it."""

    def now_us(self) -> int:
        """Return µs since 1970-01-01 UTC."""
        return time.time_ns() // 1_000
