"""Lost frames of a device: where they lie among those that came."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from application.ports.reading_query import StoredReading
from domain.identifiers import DevEui
from domain.parking import Gap


class FrameGaps(Protocol):
    """Knows which frames are missing."""

    async def within(self, device: DevEui, told: Sequence[StoredReading]) -> Sequence[Gap]:
        """Return the gaps in the time that ``told``, all readings of ``device`` in it, span.

        Raises:
            Unavailable: a store does not answer.
        """


class CounterGaps:
    """Tells gaps by the frame counters of the readings alone.

    A counter between two that left readings was lost, or brought nothing that was read; the difference only makes less
    certain what is said of the time. Where a counter falls, another session began: nothing is claimed. Of several
    network servers the one that brought most is asked: each counts for itself.
    """

    async def within(self, device: DevEui, told: Sequence[StoredReading]) -> Sequence[Gap]:
        """Return the gaps."""
        del device
        frames = [each for each in told if each.decoder]  # without one a network server said it of itself
        source = most_heard(frames)
        counters = sorted({each.event_ns: each.f_cnt for each in frames if each.source == source}.items())
        return [
            Gap(before_ns, after_ns, after - before - 1)
            for (before_ns, before), (after_ns, after) in pairwise(counters)
            if after > before + 1
        ]


def most_heard(told: Sequence[StoredReading]) -> str:
    """Return the network server that brought most of ``told``; empty for none."""
    number = Counter(each.source for each in told)
    return max(number, key=lambda name: (number[name], name), default="")
