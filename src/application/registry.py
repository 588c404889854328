"""The registry as its users see it: what is put into it is stored, and the step hears of it."""

from collections.abc import Sequence

from application.ports.master_data import MasterData, MasterRecord, R
from application.processing.known_devices import KnownDevices
from domain.device import DeviceEntry

_PAGE = 1_000


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


def _entries(records: Sequence[object]) -> list[DeviceEntry]:
    return [record for record in records if isinstance(record, DeviceEntry)]
