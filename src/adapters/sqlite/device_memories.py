"""What processing remembers of a device, in SQLite: up to half a minute old while the platform runs."""

from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.device_memory import device_number, unpacked
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
        if (unsettled := self._unsettled.memory(device)) is not None:
            return unsettled
        with self._file.reading() as connection:
            found = connection.execute(_GET, (device_number(device),)).fetchone()
        if found is None:
            raise NotFound(f"nothing is remembered of device {device}", dev_eui=device)
        return unpacked(found[0])
