"""Silence of a controller: dark by day is not silent, because a controller without power cannot speak."""

from domain.lighting.intervals import Intervals, clipped, length_ns

_NS_PER_S = 1_000_000_000


def powered_ns(powered: Intervals, since_ns: int, until_ns: int) -> int:
    """Return for how long of ``[since_ns, until_ns)`` there was power."""
    return length_ns(clipped(powered, since_ns, until_ns))


def is_silent(last_seen_ns: int, at_ns: int, powered: Intervals, expected_interval_s: int) -> bool:
    """Say whether a controller should have spoken since it was heard last.

    Args:
        last_seen_ns: when it was heard last, ns since 1970-01-01 UTC.
        at_ns: the present.
        powered: when its circuit had power, from ``last_seen_ns`` on.
        expected_interval_s: longest time with power between two uplinks of a healthy controller; 0: not known, so that
            its silence says nothing.
    """
    if not expected_interval_s:
        return False
    return powered_ns(powered, last_seen_ns, at_ns) > expected_interval_s * _NS_PER_S
