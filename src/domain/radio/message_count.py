"""The cross-check with a counter that the device itself puts into its payload (``device.message_count``).

Adeunis FTD, Dingtek, KLAX, iOKE868 and Oyster3 count their messages. Between two received frames both counters must
have gone on by the same number, as far as each message is one frame; where they have not, frames were sent that the
frame counter does not tell of (a reset, a re-registration), or the other way round.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

MESSAGE_COUNT = "device.message_count"
"""The measurand; its channel ``up`` is what the device sent."""
MODULUS = 256
"""The narrowest of these counters has 8 bits (KLAX, FTD). Wider ones are compared by their lower 8 bits: so nobody has
to know where they roll over, and up to 127 messages of difference are told right."""


class Counted(NamedTuple):
    """One received frame that carried the device's own count."""

    f_cnt: int
    message_count: int


class Disagreement(NamedTuple):
    """Two frames between which the counters went on differently."""

    before: Counted
    after: Counted
    unaccounted: int
    """Messages that the device counted beyond its frames; negative: frames beyond its messages."""


def disagreements(frames: Sequence[Counted], modulus: int = MODULUS) -> list[Disagreement]:
    """Return where the device's count, which starts again after ``modulus``, contradicts the frame counter.

    ``frames``: in the order of time; where the frame counter falls a session ended, and nothing is compared.
    """
    found = []
    for before, after in pairwise(frames):
        if after.f_cnt <= before.f_cnt:
            continue
        counted = (after.message_count - before.message_count) % modulus
        sent = (after.f_cnt - before.f_cnt) % modulus
        if counted != sent:
            found.append(Disagreement(before, after, _nearest(counted - sent, modulus)))
    return found


def _nearest(difference: int, modulus: int) -> int:
    """Return ``difference`` as the number nearest to zero that differs from it by whole turns."""
    turned = difference % modulus
    return turned - modulus if turned > modulus // 2 else turned
