"""Lost frames of a device, told by the frame counters of the readings it left."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from application.ports.reading_query import StoredReading
from domain.parking import Gap


def frame_gaps(readings: Iterable[StoredReading]) -> Sequence[Gap]:
    """Return the gaps between ``readings``, which are all readings of one device in a span of time.

    A counter between two that left readings was lost, or brought nothing that was read; the difference would only make
    less certain what is said of the time. Where a counter falls, another session began: nothing is claimed. Of several
    network servers the one that brought most is asked: each counts for itself.
    """
    by_source: dict[str, dict[int, int]] = {}
    number: Counter[str] = Counter()
    for each in readings:
        if not each.decoder:
            continue  # the network server said it of itself: it came with no frame
        by_source.setdefault(each.source, {})[each.event_ns] = each.f_cnt
        number[each.source] += 1
    if not number:
        return ()
    source = max(number, key=lambda name: (number[name], name))
    counters = sorted(by_source[source].items())
    return [
        Gap(before_ns, after_ns, after - before - 1)
        for (before_ns, before), (after_ns, after) in pairwise(counters)
        if after > before + 1
    ]
