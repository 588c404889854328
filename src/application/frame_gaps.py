"""Lost frames of a device: where they lie among those that came."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Protocol

from application.ports.loss_days import MOST_DAYS, LossDays
from application.ports.reading_query import StoredReading
from domain.identifiers import DevEui
from domain.parking import Gap

_NS_PER_S = 1_000_000_000
_DAY_NS = 86_400 * _NS_PER_S


class FrameGaps(Protocol):
    """Knows which frames are missing."""

    async def within(self, device: DevEui, told: Sequence[StoredReading]) -> Sequence[Gap]:
        """Return the gaps in the time that ``told``, all readings of ``device`` in it, span.

        Raises:
            Unavailable: a store does not answer.
        """


class LedgerGaps:
    """Takes gaps from the loss ledger, which also knows the frames that brought nothing to be read."""

    def __init__(self, days: LossDays) -> None:
        self._days = days

    async def within(self, device: DevEui, told: Sequence[StoredReading]) -> Sequence[Gap]:
        """Return the gaps, to the second; of a longer time than the ledger answers at once those of its end."""
        frames = [each for each in told if each.decoder]  # without one a network server said it of itself
        if not frames:
            return ()
        # A day of the ledger is one of the city's calendar, which begins up to a day before or after that of UTC.
        until_ns = max(each.event_ns for each in frames)
        last_day = until_ns // _DAY_NS + 1
        first_day = max(min(each.event_ns for each in frames) // _DAY_NS - 1, last_day - MOST_DAYS + 1)
        rows = await self._days.of_device(device, first_day, last_day)
        # The second in which the last frame before a gap was heard is no part of it.
        gaps = (
            (row.source, Gap(gap.since_ns + _NS_PER_S, gap.until_ns, gap.missing)) for row in rows for gap in row.gaps
        )
        heard_ns = {
            source: sorted(each.event_ns for each in frames if each.source != source)
            for source in {row.source for row in rows}
        }
        return [gap for source, gap in gaps if gap.from_ns < until_ns and not _is_filled(gap, heard_ns[source])]


def _is_filled(gap: Gap, heard_ns: Sequence[int]) -> bool:
    """Say whether other network servers heard the device meanwhile: each counts for itself what it missed."""
    index = bisect_left(heard_ns, gap.from_ns)
    return index < len(heard_ns) and heard_ns[index] < gap.until_ns
