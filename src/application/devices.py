"""Devices beside the registry: who should have spoken and has not."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from msgspec import Struct

from application.dated_records import whole
from application.errors import NotFound
from application.lamp_circuits import LampCircuits
from application.ports.clock import Clock
from application.ports.device_states import DeviceStates
from application.ports.master_data import MasterData
from domain.device import DeviceEntry, DeviceState
from domain.device.silence import silent_since_ns
from domain.identifiers import DevEui
from domain.lighting import Intervals, is_silent

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
        self._circuits = LampCircuits(records)
        self._clock = clock

    async def silent(self, *, size: int, after: str = "", zone: str = "") -> Sequence[SilentDevice]:
        """Return up to ``size`` silent devices by DevEUI, beyond ``after``, of one zone if given."""
        now_ns = self._clock.now_us() * _NS_PER_US
        silent: list[SilentDevice] = []
        powered: dict[str, Intervals] | None = None
        async for entries in self._expected(after, zone):
            late = await self._late(entries, now_ns)
            if late and powered is None:
                powered = await self._circuits.switched(now_ns)
            silent += [each for each in late if _had_power(each, (powered or {}).get(each.entry.dev_eui), now_ns)]
            if len(silent) >= size:
                break
        return silent[:size]

    async def _expected(self, after: str, zone: str) -> AsyncIterator[Sequence[DeviceEntry]]:
        """Yield the devices of which the registry says how often they speak, some at a time, by DevEUI."""
        some: list[DeviceEntry] = []
        async for entry in whole(self._records, DeviceEntry, after=after):
            if entry.expected_interval_s and (not zone or entry.zone == zone):
                some.append(entry)
            if len(some) == _AT_ONCE:
                yield some
                some = []
        yield some

    async def _late(self, entries: Sequence[DeviceEntry], now_ns: int) -> list[SilentDevice]:
        """Return those of ``entries`` that have been silent for longer than expected, with power or without."""
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


def _had_power(silent: SilentDevice, powered: Intervals | None, now_ns: int) -> bool:
    """Say whether a device could have spoken: the controller of a lamp has no power while its circuit is dark."""
    if powered is None:
        return True
    return is_silent(silent.since_ns, now_ns, powered, silent.entry.expected_interval_s)
