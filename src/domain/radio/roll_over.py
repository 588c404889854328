"""Counters of 16 bits: the full counter behind what a frame or a server shows, and where it begins again at 0.

The frame carries the lower 16 of 32 bits; servers that know the upper ones give all of them. TTN v2, and The Things
Stack for devices without 32-bit counters, give 16: 65535 is followed by 0 in the same session.
"""

_SPAN = 0x1_0000
_HALF = 0x8000
_MOST = 0xFFFF_FFFF
ROLL_OVER_GAP = 1_024
"""Frames that may be lost around a roll-over (of an hourly device: 42 days); a fall that leaves out more is a reset."""


def full_f_cnt(expected: int, f_cnt: int) -> int:
    """Return the 32-bit counter of a frame that shows the lower 16 bits ``f_cnt``, where ``expected`` would come next.

    The one before it is a retransmission, any other lies ahead (ChirpStack, ``get_full_f_cnt_up``).
    """
    if f_cnt == (expected - 1) % _SPAN:
        return max(0, expected - 1)
    return (expected + (f_cnt - expected) % _SPAN) & _MOST


def unrolled(last: int, f_cnt: int, *, is_short: bool) -> int:
    """Return ``f_cnt`` as it stands in a run of counters that has come to ``last``.

    ``is_short``: the run has rolled over before, so its server gives 16 bits; the counter nearest to ``last`` is meant.
    Otherwise a fall from just below 65536 to just above 0 is a roll-over, and any other counter stands for itself.
    """
    if f_cnt >= _SPAN:
        return f_cnt
    if is_short:
        ahead = full_f_cnt(last + 1, f_cnt)
        return ahead - _SPAN if ahead - last > _HALF else ahead
    if f_cnt <= last < _SPAN and f_cnt + _SPAN - last <= ROLL_OVER_GAP:
        return f_cnt + _SPAN
    return f_cnt


def shown(full: int, *, is_short: bool) -> int:
    """Return ``full`` as its server shows it."""
    return full % _SPAN if is_short else full
