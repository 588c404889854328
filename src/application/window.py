"""Windows of time that are computed over: they end with the present, and are a year long at most."""

from domain.errors import InvalidValue

_LONGEST_NS = 366 * 86_400 * 1_000_000_000
"""A busy spot has 15,000 changes a year, which is read in a second or two."""


def window_end(since_ns: int, until_ns: int, now_ns: int) -> int:
    """Return the end of ``[since_ns, until_ns)``, not beyond the present.

    Raises:
        InvalidValue: the window is longer than a year.
    """
    end_ns = min(until_ns, now_ns)
    if end_ns - since_ns > _LONGEST_NS:
        raise InvalidValue("a window has 366 days at most", field="start_time", value=str(since_ns))
    return end_ns
