"""Devices beside the registry: who should have spoken and has not."""

import asyncio
from collections.abc import Sequence

from msgspec import Struct

from application.dated_records import whole
from application.errors import NotFound
from application.ports.clock import Clock
from application.ports.device_states import DeviceStates
from application.ports.master_data import MasterData
from domain.device import DeviceEntry, DeviceState
from domain.device.silence import silent_since_ns
from domain.identifiers import DevEui

_AT_ONCE = 16
"""Devices asked for together: half of what a session of Cassandra allows."""
_NS_PER_US = 1_000


class SilentDevice(Struct, frozen=True):
    """A device that should have spoken."""

    entry: DeviceEntry
    since_ns: int
    """When it was heard last, or installed."""
    state: DeviceState | None
    """None: it was never heard."""


class Devices:
    """Answers from the registry and the states; every method raises Unavailable."""

    def __init__(self, states: DeviceStates, records: MasterData, clock: Clock) -> None:
        self._states = states
        self._records = records
        self._clock = clock

    async def silent(self, *, size: int, after: str = "", zone: str = "") -> Sequence[SilentDevice]:
        """Return up to ``size`` silent devices by DevEUI, beyond ``after``, of one zone if given."""
        now_ns = self._clock.now_us() * _NS_PER_US
        silent: list[SilentDevice] = []
        waiting: list[DeviceEntry] = []
        async for entry in whole(self._records, DeviceEntry, after=after):
            if entry.expected_interval_s and (not zone or entry.zone == zone):
                waiting.append(entry)
            if len(waiting) == _AT_ONCE:
                silent += await self._silent_of(waiting, now_ns)
                waiting = []
            if len(silent) >= size:
                return silent[:size]
        return [*silent, *await self._silent_of(waiting, now_ns)][:size]

    async def _silent_of(self, entries: Sequence[DeviceEntry], now_ns: int) -> list[SilentDevice]:
        states = await asyncio.gather(*(self._state(entry.dev_eui) for entry in entries))
        return [
            SilentDevice(entry, since_ns, state)
            for entry, state in zip(entries, states, strict=True)
            if (since_ns := silent_since_ns(entry, state.last_seen_ns if state else 0, now_ns)) is not None
        ]

    async def _state(self, device: DevEui) -> DeviceState | None:
        try:
            return await self._states.get(device)
        except NotFound:
            return None
