"""The states of devices in SQLite.

What the checkpoint knows of a device is stored once, as its memory; the state is a view of it, made when asked for.
Writing both would cost a second row of a random device with each uplink. A state that somebody else wrote
(``write``) has a row of its own; the later written of the two is the state.
"""

from collections.abc import Sequence

import msgspec

from adapters.device_memory.record import decode
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.device_memory import device_number
from application.errors import NotFound, Unavailable
from domain.device import DeviceState, device_state
from domain.identifiers import DevEui

_WRITE = """INSERT INTO device_states VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET
    written_us = excluded.written_us, state = excluded.state WHERE excluded.written_us >= written_us"""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(DeviceState).decode


class SqliteDeviceStates:
    """Answers with the state after the last commit, wherever it is; never with an older one."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database
        self._file = database.results
        self._unsettled = database.unsettled

    async def write(self, states: Sequence[DeviceState]) -> None:
        rows = [(state.dev_eui, state.written_us, _encode(state).decode()) for state in states]
        with self._file.writing() as connection:
            connection.executemany(_WRITE, rows)

    async def get(self, device: DevEui) -> DeviceState:
        if self._database.is_replaying:
            raise Unavailable(
                f"the state of device {device} is being computed again after a kill: ask again in a few seconds",
                dev_eui=device,
            )
        known = [state for state in (self._computed(device), self._written(device)) if state is not None]
        if not known:
            raise NotFound(f"device {device} was never heard", dev_eui=device)
        return max(known, key=lambda state: state.written_us)

    def _computed(self, device: DevEui) -> DeviceState | None:
        """Return the view of the device's memory."""
        memory = self._unsettled.memory(device)
        if memory is None:
            select = "SELECT memory FROM device_memory WHERE device = ?"
            with self._file.reading() as connection:
                found = connection.execute(select, (device_number(device),)).fetchone()
            memory = None if found is None else decode(found[0])
        return None if memory is None else device_state(memory)

    def _written(self, device: DevEui) -> DeviceState | None:
        with self._file.reading() as connection:
            found = connection.execute("SELECT state FROM device_states WHERE dev_eui = ?", (device,)).fetchone()
        return None if found is None else _decode(found[0])
