"""What is committed and not yet in its table: two generations, one filling while the other is settled.

A row of a random device among 185,000 costs a page of its own, 20 to 37 µs; the same rows sorted, a quarter of a
million at once, cost 8. So a commit writes its observations as one blob into the journal, keeps them here, and moves
a slice of the generation before, sorted by device, into the tables. The same goes for the memory of a device and its
last connection; these are not journalled: the uplink log replays them.

Everything up to ``replay_from`` is in the tables, everything after it is here as well. A reader looks in both and
merges; settling a thing twice changes nothing.
"""

from collections.abc import Sequence
from math import ceil

from adapters.device_memory.record import decode
from adapters.sqlite.loss_table import LossRow, loss_day
from adapters.sqlite.observation_row import Row, by_event
from adapters.sqlite.taken import Taken
from domain.device import DeviceMemory
from domain.radio import LossDay

_FREED_AT_ONCE = 1_000
"""Freeing 200,000 rows at once would be a pause of half a second; a thousand are one millisecond."""


class Generation:
    """What came between two positions of the uplink log, by device."""

    def __init__(self) -> None:
        self.observations: dict[str, list[Row]] = {}
        """In the order they came; an instant may be there more than once."""
        self.memories: dict[str, bytes] = {}
        self.connections: dict[str, str] = {}
        self.losses: dict[str, tuple[LossRow, ...]] = {}
        """One for each day and source, oldest first."""
        self.taken = 0
        """How many things were put in: a measure of what a restart replays."""

    def devices(self) -> list[str]:
        """Return whom it speaks of, sorted as the tables are."""
        return sorted(self.observations.keys() | self.memories.keys())

    def take_observations(self, rows: Sequence[Row]) -> None:
        """Add observations."""
        self.taken += len(rows)
        observations = self.observations
        for row in rows:
            of_device = observations.get(row[0])
            if of_device is None:
                observations[row[0]] = [row]
            else:
                of_device.append(row)

    def take(self, batch: Taken) -> None:
        """Add what a batch brought."""
        self.take_observations(batch.observations)
        self.taken += len(batch.memories)
        self.memories.update(batch.memories)
        self.connections.update(batch.connections)
        losses = self.losses
        for row in batch.losses:
            before = losses.get(row[1])
            losses[row[1]] = (row,) if before is None else (*(each for each in before if each[:3] != row[:3]), row)

    def shrink(self) -> bool:
        """Let go of some of it; say whether any is left."""
        left = False
        for things in (self.observations, self.memories, self.connections, self.losses):
            for _ in range(min(_FREED_AT_ONCE, len(things))):
                things.popitem()
            left = left or bool(things)
        return left


class Unsettled:
    """The filling generation, and the one being settled, if any."""

    def __init__(self) -> None:
        self.filling = Generation()
        self.settling: Generation | None = None
        self._leaving: Generation | None = None
        self._devices: list[str] = []
        self._settled = 0

    @property
    def is_empty(self) -> bool:
        """Whether everything is in the tables."""
        return self.settling is None and not self.filling.taken

    def take_observations(self, rows: Sequence[Row]) -> None:
        """Add observations that an earlier process left."""
        self.filling.take_observations(rows)

    def take(self, batch: Taken) -> None:
        """Add what a batch brought, once it is durable."""
        self.filling.take(batch)

    def turn(self) -> None:
        """Let the filling generation be settled, and begin a new one."""
        self.settling, self.filling = self.filling, Generation()
        self._devices, self._settled = self.settling.devices(), 0

    def next_devices(self, most: int) -> Sequence[str]:
        """Return whose things are to be settled next, about ``most`` of them; none: nothing is being settled.

        Things are counted, not devices: in half a minute a few busy devices bring as many as a city does.
        """
        if self.settling is None:
            return ()
        devices = ceil(most * len(self._devices) / self.settling.taken)
        return self._devices[self._settled : self._settled + devices]

    def is_last(self, devices: Sequence[str]) -> bool:
        """Say whether the generation is settled with these."""
        return self._settled + len(devices) == len(self._devices)

    def settled(self, devices: Sequence[str]) -> None:
        """Note that the things of ``devices`` are durable in their tables."""
        if self._leaving is not None and not self._leaving.shrink():
            self._leaving = None
        self._settled += len(devices)
        if self.settling is not None and self._settled == len(self._devices):
            self._leaving = self.settling
            self.settling, self._devices, self._settled = None, [], 0

    def clear(self) -> None:
        """Forget everything: the tables and the journal are read anew."""
        self.filling, self.settling, self._devices, self._settled = Generation(), None, [], 0

    def observations(self, device: str) -> dict[int, Row]:
        """Return the observations of ``device`` by event time, merged."""
        older = self.settling.observations.get(device, ()) if self.settling else ()
        return by_event((*older, *self.filling.observations.get(device, ())))

    def memory(self, device: str) -> DeviceMemory | None:
        """Return the newest memory of ``device``, if it is here."""
        blob = self.filling.memories.get(device)
        if blob is None and self.settling is not None:
            blob = self.settling.memories.get(device)
        return None if blob is None else decode(blob)

    def memories(self) -> list[bytes]:
        """Return the memories that are here; of a device there may be two."""
        return [record for each in self._generations() for record in each.memories.values()]

    def losses_of(self, device: str) -> list[LossDay]:
        """Return the rows of the loss ledger of ``device`` that are here, oldest first."""
        return [loss_day(row[-1]) for each in self._generations() for row in each.losses.get(device, ())]

    def losses_on(self, day: int) -> list[LossDay]:
        """Return the rows of the loss ledger of ``day`` that are here, oldest first."""
        of_devices = (rows for each in self._generations() for rows in each.losses.values())
        return [loss_day(row[-1]) for rows in of_devices for row in rows if row[0] == day]

    def _generations(self) -> list[Generation]:
        return [self.settling, self.filling] if self.settling is not None else [self.filling]
