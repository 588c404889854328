"""What processing remembers of a device, in SQLite: up to half a minute old while the platform runs."""

from collections.abc import Collection, Mapping

from adapters.device_memory.record import decode
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.device_memory import device_number
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

    def _found(self, device: DevEui) -> DeviceMemory | None:
        if (unsettled := self._unsettled.memory(device)) is not None:
            return unsettled
        with self._file.reading() as connection:
            found = connection.execute(_GET, (device_number(device),)).fetchone()
        return None if found is None else decode(found[0])
