"""How long a row is kept: counted from its event time, so that a replay or an import of old readings keeps none longer.

Cassandra counts from the write; of two writes with one write time it keeps the one that expires later, so a replay must
say the same end again.
"""

from adapters.cassandra.rows import integer

_LONGEST_S = 630_720_000
"""Twenty years: Cassandra refuses more (``Attributes.MAX_TTL``)."""
_S = 1_000_000_000

NO_END = integer(0)
"""For ever, whatever the table says."""


def time_to_live(event_ns: int, kept_s: int, now_s: int) -> bytes | None:
    """Return the time to live of a row about ``event_ns`` as a value of a statement; None: its time is over.

    Args:
        event_ns: when it was so, ns since 1970-01-01 UTC.
        kept_s: how long it may be kept, s; 0: for ever.
        now_s: s since 1970-01-01 UTC.
    """
    if not kept_s:
        return NO_END
    left_s = event_ns // _S + kept_s - now_s
    return integer(min(left_s, _LONGEST_S)) if left_s > 0 else None
