"""Others who change the registry in other processes: whose change of a record came first, and whose must be made anew.

Who changes a record reads it, puts his part into it and writes the whole. Of two at the same time the later written
would take back what the earlier said, and tell nobody. But announcements have one order for each record, the same for
all processes, and each says of which version it was made: it counts if that was the last one that counted before it.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence

from application.errors import Unavailable
from application.ports.master_data import MasterRecord, Place, place_of
from application.ports.registry_changes import Announced, Announcements, Removal

KEPT_S = 120.0
"""How long it is remembered which version counts: longer than a change takes from reading to announcing."""


class RegistryRivals:
    """Of one process; one lot is announced after the other."""

    def __init__(self, announcements: Announcements, now_s: Callable[[], float] = time.monotonic) -> None:
        """Take the announcements of all processes; ``now_s`` never goes back or leaps."""
        self._announcements = announcements
        self._now_s = now_s
        self._counting: dict[Place, tuple[float, MasterRecord]] = {}
        """The version that counts, and when it was read; as far as any was announced lately."""
        self._has_begun = False
        self._turn = asyncio.Lock()

    async def announce(
        self, records: Sequence[MasterRecord], made_of: Mapping[Place, int]
    ) -> Mapping[Place, MasterRecord]:
        """Announce ``records``; return, where ours does not count, the version that does.

        ``made_of``: the write time of the version that each was made of; 0: there was none.

        Raises:
            Unavailable: it is not known whether ours count.
        """
        ours = {place_of(each): each for each in records}
        async with self._turn:
            if not self._has_begun:
                await self._catch_up({})
                self._has_begun = True
            await self._announcements.announce([Announced(each, made_of[place]) for place, each in ours.items()])
            counts = await self._catch_up(ours)
            if len(counts) < len(ours):
                raise Unavailable("what was announced to the registry does not stand there: give it again")
            return {place: self._counting[place][1] for place, does in counts.items() if not does}

    async def _catch_up(self, ours: Mapping[Place, MasterRecord]) -> dict[Place, bool]:
        """Read on; say of each of ``ours`` that stands there whether it counts."""
        now_s, verdicts = self._now_s(), dict[Place, bool]()
        self._counting = {place: each for place, each in self._counting.items() if now_s - each[0] < KEPT_S}
        for each in await self._announcements.since_last():
            version, place = each.version, each.place
            known = self._counting.get(place)
            counts = known is None or each.made_of_us in (None, known[1].written_us)
            if isinstance(version, Removal):
                self._counting.pop(place, None)  # whatever is put then stands by itself
            elif counts:
                self._counting[place] = now_s, version
            if version == ours.get(place):
                verdicts[place] = counts
        return verdicts
