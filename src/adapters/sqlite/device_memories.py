"""What processing remembers of a device, in SQLite: up to half a minute old while the platform runs."""

import asyncio
from collections.abc import Collection, Mapping

from adapters.device_memory.record import decode, sources_of
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.device_memory import device_number, stored_memories
from application.errors import NotFound
from domain.device import DeviceMemory
from domain.identifiers import DevEui

_GET = "SELECT memory FROM device_memory WHERE device = ?"


class SqliteDeviceMemories:
    """Reads the table, and what this process has not written into it yet."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._file = database.results
        self._unsettled = database.unsettled

    async def get(self, device: DevEui) -> DeviceMemory:
        if (found := self._found(device)) is None:
            raise NotFound(f"nothing is remembered of device {device}", dev_eui=device)
        return found

    async def some(self, devices: Collection[DevEui]) -> Mapping[DevEui, DeviceMemory]:
        return {device: found for device in devices if (found := self._found(device)) is not None}

    async def heard_of(self, sources: Collection[str]) -> frozenset[str]:
        wanted = frozenset(sources)
        heard = wanted & {name for record in self._unsettled.memories() for name in sources_of(record)}
        with self._file.reading() as connection:
            for stored in stored_memories(connection):
                if heard == wanted:
                    break
                heard |= wanted & {name for _, record in stored for name in sources_of(record)}
                await asyncio.sleep(0)
        return heard

    def _found(self, device: DevEui) -> DeviceMemory | None:
        if (unsettled := self._unsettled.memory(device)) is not None:
            return unsettled
        with self._file.reading() as connection:
            found = connection.execute(_GET, (device_number(device),)).fetchone()
        return None if found is None else decode(found[0])
