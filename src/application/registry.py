"""The registry as its users see it: what is put into it is stored, and the step hears of it."""

import asyncio
from collections.abc import Mapping, Sequence

from application.errors import Unavailable
from application.ports.master_data import MasterData, MasterRecord, Place, R, kind_of, place_of
from application.ports.registry_changes import RegistryChanges, Removal
from application.processing.known_devices import KnownDevices
from application.registry_rivals import RegistryRivals
from application.stopping import stopped_within
from domain.device import DeviceEntry

_PAGE = 1_000
_LOOK_S = 10.0
"""People register devices before they mount them; a look costs a consumer's start, some 20 ms."""
_BLIND_S = 1_800.0
"""So long nobody may wait for what he registers; a broker that is away is mostly noticed by processing before."""


class Registry:
    """Master data of a process that also decodes; keeps the promises of ``MasterData``."""

    def __init__(self, records: MasterData, known: KnownDevices) -> None:
        self._records = records
        self._known = known

    async def load(self) -> None:
        """Tell the step of all that is stored: once, before the first uplink.

        Raises:
            Unavailable: the store does not answer.
        """
        after = ""
        while page := await self._records.page(DeviceEntry, size=_PAGE, after=after):
            self._known.learn(page)
            after = page[-1].key

    async def put(self, records: Sequence[MasterRecord]) -> None:
        """Store ``records``, then tell the step of those about devices."""
        await self._records.put(records)
        self._known.learn(_entries(records))

    async def remove(self, kind: type[MasterRecord], key: str, written_us: int) -> None:
        """Take a record away, and out of the step's sight."""
        await self._records.remove(kind, key, written_us)
        if kind is DeviceEntry:
            self._known.forget(key, written_us)

    async def get(self, kind: type[R], key: str) -> R:
        """Return one record."""
        return await self._records.get(kind, key)

    async def page(self, kind: type[R], *, size: int, after: str = "", prefix: str = "") -> Sequence[R]:
        """Return up to ``size`` records by key."""
        return await self._records.page(kind, size=size, after=after, prefix=prefix)


class AnnouncedRegistry:
    """Master data of a process that serves and does not decode: what is stored is also announced to those who do."""

    def __init__(self, records: MasterData, announced: MasterData, rivals: RegistryRivals) -> None:
        self._records = records
        self._announced = announced
        self._rivals = rivals

    async def put(self, records: Sequence[MasterRecord]) -> None:
        """Announce ``records``, then store them; a caller who was told that one of it failed gives them again.

        In this order, for what is stored already is found unchanged when it is given again, and would be announced
        never.
        """
        await self._announced.put(records)
        await self._records.put(records)

    async def put_over(
        self, records: Sequence[MasterRecord], made_of: Mapping[Place, int]
    ) -> Mapping[Place, MasterRecord]:
        """As ``SharedMasterData.put_over``; in the same order as ``put``."""
        newer = await self._rivals.announce(records, made_of)
        await self._records.put([each for each in records if place_of(each) not in newer])
        return newer

    async def remove(self, kind: type[MasterRecord], key: str, written_us: int) -> None:
        """Say that a record is taken away, then do it."""
        await self._announced.remove(kind, key, written_us)
        await self._records.remove(kind, key, written_us)

    async def get(self, kind: type[R], key: str) -> R:
        """Return one record."""
        return await self._records.get(kind, key)

    async def page(self, kind: type[R], *, size: int, after: str = "", prefix: str = "") -> Sequence[R]:
        """Return up to ``size`` records by key."""
        return await self._records.page(kind, size=size, after=after, prefix=prefix)


class RegistryFollower:
    """Keeps what the step knows of the registry up to date, in a process that decodes and has no store."""

    def __init__(
        self, changes: RegistryChanges, known: KnownDevices, *, look_s: float = _LOOK_S, blind_s: float = _BLIND_S
    ) -> None:
        self._changes = changes
        self._known = known
        self._look_s = look_s
        self._blind_s = blind_s
        self._stopped = asyncio.Event()

    async def catch_up(self) -> None:
        """Tell the step of what changed since the last time; the first time of all there is.

        Raises:
            Unavailable: the changes cannot be read now.
        """
        for change in await self._changes.news():
            if isinstance(change, Removal):
                if change.kind == kind_of(DeviceEntry):
                    self._known.forget(change.key, change.written_us)
            else:
                self._known.learn(_entries([change]))

    async def run(self) -> None:
        """Catch up every few seconds until ``stop``.

        Raises:
            Unavailable: the changes could not be read for half an hour.
        """
        loop = asyncio.get_running_loop()
        read_s = loop.time()
        while not await stopped_within(self._stopped, self._look_s):
            try:
                await self.catch_up()
            except Unavailable:
                if loop.time() - read_s > self._blind_s:
                    raise
            else:
                read_s = loop.time()

    def stop(self) -> None:
        """End ``run``."""
        self._stopped.set()


def _entries(records: Sequence[object]) -> list[DeviceEntry]:
    return [record for record in records if isinstance(record, DeviceEntry)]
