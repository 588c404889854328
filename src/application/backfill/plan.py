"""How a source is backfilled: how long its store keeps messages, and how gently it is asked."""

from msgspec import Struct

_S = 1_000_000
_MINUTE = 60 * _S
_HOUR = 3_600 * _S
_MOST_WARNING_US = 48 * _HOUR


class Plan(Struct, frozen=True, kw_only=True):
    """Of one source; times in µs."""

    source: str
    retention_us: int = 24 * _HOUR
    """How long the store keeps a message."""
    overlap_us: int = _MINUTE
    """Around a window: what the clocks of server and broker, and ours, may differ by."""
    settle_us: int = 10 * _S
    """Until a message can be read in the store, which writes in batches."""
    slice_us: int = _HOUR
    """Of a window, fetched and remembered at once: what a kill makes us fetch again."""
    messages_per_s: float = 500.0
    """Into our log: a fiftieth of what the platform takes, so that live messages do not wait behind them."""
    requests_per_minute: int = 60
    """For gaps of single devices."""
    gaps_every_us: int = 5 * _MINUTE
    """Between two looks into the loss ledger; 0: gaps are not asked for."""
    gap_settle_us: int = 10 * _MINUTE
    """Until a gap is asked for: late frames fill it by themselves, and the store has all of it."""
    gap_lookback_us: int = _HOUR
    """How far processing may be behind, after a restart, for its gaps to be seen."""
    first_pause_us: int = _MINUTE
    """After a try that came to nothing; doubled with each further one …"""
    longest_pause_us: int = 30 * _MINUTE
    """… up to this: 48 tries a day at least."""
    poll_s: float = 5.0
    """Between two looks for windows."""

    @property
    def warning_us(self) -> int:
        """How long before the store forgets it an open window is an alarm: a quarter of the time, two days at most."""
        return min(self.retention_us // 4, _MOST_WARNING_US)

    def pause_us(self, tries: int) -> int:
        """Return how long to wait after so many tries."""
        return int(min(self.longest_pause_us, self.first_pause_us * 2 ** min(tries - 1, 20)))
