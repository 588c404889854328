"""The controller's clock: seconds since 1970, which it gets from the network and loses without power."""

from domain.rfc3339 import NS_PER_S

_EARLIEST_S = 1_420_070_400
"""2015-01-01, from the vendor's decoder: a clock that says less was never set."""


def clock_ns(seconds: int) -> int | None:
    """Return the instant in ns since 1970-01-01 UTC; None: the clock is not set."""
    return seconds * NS_PER_S if seconds >= _EARLIEST_S else None
