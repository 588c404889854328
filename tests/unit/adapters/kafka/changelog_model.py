"""A small world in which owners of one partition are killed, paused and replaced, and its changelog is compacted.

What reads the changelog and finds what others wrote is the product's; the rest is as small as it can be. A device is
remembered as the set of its frames; a frame that comes again carries a time of its own, so whoever takes it for new
writes a row that should not be there.
"""

from collections.abc import Iterator, Sequence
from random import Random

import msgspec
from msgspec import Struct

from adapters.device_memory.record import encode
from adapters.kafka.changelog_reading import ChangelogReading
from adapters.kafka.changelog_repair import note_last
from adapters.kafka.log_record import Headers
from adapters.kafka.own_records import OwnRecords
from domain.device import Device, DeviceMemory
from tests.support.builders import DEV

_VERSION = encode(DeviceMemory(0, Device(DEV, 0)))[:1]
_DEVICES = ("a", "b", "c")
_UPLINKS = 40
_BATCH = 5
_REPEATED = 0.3
_KILLED = 0.02
_PAUSED = 0.03
_WOKEN = 0.1
_COMPACTED = 0.05
_LOOK = 8
"""Steps between two looks of the owner at what others wrote."""
_OVERLAP = 40
"""Steps after which no paused owner goes on any more."""
LAG = 60
"""Steps that compaction waits: longer than the overlap and two looks."""

Memory = dict[str, tuple[int, frozenset[int]]]
"""By device: the position up to which it is remembered, and its frames."""


class Rules(Struct, frozen=True):
    """What is done against owners that write too late."""

    greatest: bool = True
    """A restore takes the record with the greatest position, not the last one."""
    lag: bool = True
    """Compaction waits."""
    repair: bool = True
    """The owner writes again what another overwrote."""


class Stored(Struct):
    """A record of the changelog."""

    offset: int
    key: bytes
    value: bytes
    timestamp: int
    headers: Headers = ()


class Uplink(Struct, frozen=True):
    """A frame, at a time of its own."""

    device: str
    frame: int
    time: int


def log_of(random: Random) -> list[Uplink]:
    """Return frames of a few devices, some of them again."""
    uplinks: list[Uplink] = []
    for time in range(_UPLINKS):
        device = random.choice(_DEVICES)
        heard = [each.frame for each in uplinks if each.device == device]
        again = bool(heard) and random.random() < _REPEATED
        uplinks.append(Uplink(device, random.choice(heard) if again else len(heard), time))
    return uplinks


def step(memory: Memory, uplink: Uplink, offset: int) -> tuple[str, int, int] | None:
    """Take ``uplink`` into ``memory``; return the row that it gives, if its frame is new."""
    known, frames = memory.get(uplink.device, (-1, frozenset()))
    if offset <= known:
        return None
    memory[uplink.device] = (offset, frames | {uplink.frame})
    return None if uplink.frame in frames else (uplink.device, uplink.time, uplink.frame)


class World:
    """The servers: what they hold survives every owner."""

    def __init__(self, rules: Rules, random: Random) -> None:
        self.rules = rules
        self.random = random
        self.uplinks = log_of(random)
        self.rows: set[tuple[str, int, int]] = set()
        self.changelog: list[Stored] = []
        self.end = 0
        self.committed = 0
        self.now = 0

    def append(self, device: str, memory: tuple[int, frozenset[int]]) -> int:
        """Append what is remembered of a device; return where it stands."""
        value = _VERSION + msgspec.msgpack.encode((memory[0], sorted(memory[1])))
        self.changelog.append(Stored(self.end, device.encode(), value, self.now))
        self.end += 1
        return self.end - 1

    def compact(self) -> None:
        """Of each device keep the last record of those that are old enough, and all younger ones."""
        until = self.now - (LAG if self.rules.lag else 0)
        last = {each.key: each.offset for each in self.changelog if each.timestamp <= until}
        self.changelog = [each for each in self.changelog if each.timestamp > until or last[each.key] == each.offset]


class Owner:
    """A process that believes the partition to be its own; each ``next`` of ``acts`` is a step that survives a kill."""

    def __init__(self, world: World) -> None:
        self._world = world
        reading = ChangelogReading()
        reading.take(world.changelog)
        newest = reading.newest
        if not world.rules.greatest:
            newest = {each.key.decode(): each.value for each in world.changelog}
        self.memory: Memory = {device: _memory(value) for device, value in newest.items()}
        self._own = OwnRecords(world.end)
        self._waiting: set[str] = set()
        self.is_fenced = False
        self.position = world.committed
        if world.rules.repair:
            self._write_again(sorted(reading.stale))
        self.acts = self._work()

    def look(self) -> None:
        """Write again what another overwrote."""
        world = self._world
        if others := self._own.others():
            last: dict[str, int] = {}
            note_last(last, [each for each in world.changelog if each.offset >= others[0].start], others)
            self._write_again([device for device, offset in last.items() if offset < self.memory[device][0]])
        self._own.looked(world.end)

    def _write_again(self, devices: Sequence[str]) -> None:
        for device in devices:
            if device not in self._waiting:
                self._own.wrote(self._world.append(device, self.memory[device]), 1)

    def _work(self) -> Iterator[None]:
        """Batch after batch: rows, then memory, then the position; a kill may come after each single one."""
        world = self._world
        while self.position < len(world.uplinks):
            end = min(self.position + _BATCH, len(world.uplinks))
            batch = range(self.position, end)
            rows = [step(self.memory, world.uplinks[offset], offset) for offset in batch]
            changed = sorted({world.uplinks[offset].device for offset in batch})
            self._waiting = set(changed)
            for row in rows:
                if row is not None:
                    world.rows.add(row)
                    yield
            for device in changed:
                self._own.wrote(world.append(device, self.memory[device]), 1)
                yield
            self._waiting = set()
            if self.is_fenced:
                return
            world.committed = self.position = end
            yield


def _memory(value: bytes) -> tuple[int, frozenset[int]]:
    offset, frames = msgspec.msgpack.decode(value[1:], type=tuple[int, list[int]])
    return offset, frozenset(frames)


class Run:
    """One history, told by its seed."""

    def __init__(self, rules: Rules, seed: int) -> None:
        self._random = Random(seed)
        self._world = World(rules, self._random)
        self._owner = Owner(self._world)
        self._paused: Owner | None = None
        self._paused_at = 0

    def is_wrong(self) -> bool:
        """Let it happen, and as much time pass again; then compare what the next owner finds with the truth."""
        world = self._world
        while next(self._owner.acts, self) is not self:
            self._happen()
        for _ in range(2 * LAG):
            self._happen()
        world.compact()
        self._owner = Owner(world)
        for _ in self._owner.acts:
            """No kill comes any more."""
        memory: Memory = {}
        rows = {step(memory, uplink, offset) for offset, uplink in enumerate(world.uplinks)}
        return (self._owner.memory, world.rows) != (memory, rows - {None})

    def _happen(self) -> None:
        """Let one step of time go by for all but the owner's own work."""
        world, lot = self._world, self._random.random()
        world.now += 1
        if world.rules.repair and world.now % _LOOK == 0:
            self._owner.look()
        if lot < _KILLED:
            self._owner = Owner(world)
        elif lot < _KILLED + _PAUSED and self._paused is None:
            self._paused, self._paused_at = self._owner, world.now
            self._paused.is_fenced = True
            self._owner = Owner(world)
        elif self._paused is not None:
            self._go_on(self._paused)
        if self._random.random() < _COMPACTED:
            world.compact()

    def _go_on(self, paused: Owner) -> None:
        """Let the paused one do a step, or hear at last that it owns nothing."""
        is_over = self._world.now - self._paused_at >= _OVERLAP
        if is_over or (self._random.random() < _WOKEN and next(paused.acts, self) is self):
            self._paused = None
