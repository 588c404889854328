"""A source with a store, a book and a log, all in memory."""

from collections.abc import AsyncIterator, Callable, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from adapters.memory.backfill_book import MemoryBackfillBook
from adapters.memory.device_registry import MemoryDeviceRegistry
from adapters.memory.loss_days import MemoryLossDays
from adapters.memory.uplink_log import MemoryUplinkLog
from application.backfill import Backfill, GapSearch, Means, Plan, RegistryNames
from application.errors import ApplicationError
from application.ports.backfill_book import GapMark, Reason, Window
from application.ports.uplink_log import STORAGE, RawUplink
from application.ports.uplink_storage import Asked
from tests.support.clock import FakeClock

NOON_US = 1_767_268_800_000_000
"""2026-01-01 12:00 UTC."""
S = 1_000_000
HOUR = 3_600 * S
PLAN = Plan(
    source="swu", overlap_us=0, settle_us=0, messages_per_s=1e9, gaps_every_us=0, poll_s=0.01, requests_per_minute=10**9
)


def nothing(_: str) -> None:
    """Pass a crash point."""


class FakeStorage:
    """Tells what it was given, in pages of three."""

    def __init__(self) -> None:
        self.kept: list[tuple[int, str, RawUplink]] = []
        self.asked: list[Asked] = []
        self.failures: list[ApplicationError] = []
        """One for each of the next questions, after its first page."""

    def keep(self, at_us: int, name: str, device_id: str = "spot-1") -> None:
        """Store a message; its body is ``name``."""
        uplink = RawUplink("swu", "tts", f"v3/a@t/devices/{device_id}/up", name.encode(), 0, origin=STORAGE)
        self.kept.append((at_us, device_id, uplink))

    async def stored(self, asked: Asked) -> AsyncIterator[Sequence[RawUplink]]:
        self.asked.append(asked)
        found = [
            uplink
            for at_us, device_id, uplink in self.kept
            if asked.since_us <= at_us < asked.until_us and asked.device_id in ("", device_id)
        ]
        for start in range(0, max(1, len(found)), 3):
            yield found[start : start + 3]
            if self.failures:
                raise self.failures.pop(0)


class Scene(Struct):
    """What outlives the process, and what a process is made of."""

    storage: FakeStorage = field(default_factory=FakeStorage)
    log: MemoryUplinkLog = field(default_factory=MemoryUplinkLog)
    book: MemoryBackfillBook = field(default_factory=MemoryBackfillBook)
    losses: MemoryLossDays = field(default_factory=MemoryLossDays)
    devices: MemoryDeviceRegistry = field(default_factory=MemoryDeviceRegistry)
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOON_US))
    plan: Plan = PLAN

    def backfill(
        self, at: Callable[[str], None] = nothing, *, ends_refused: bool = False, **changes: object
    ) -> Backfill:
        """Return a new process."""
        plan = replace(self.plan, **changes)
        names = RegistryNames(self.devices, self.clock, plan.source)
        means = Means(self.storage, self.log, self.book, names, GapSearch(self.losses, plan), self.clock)
        return Backfill(plan, means, ends_refused=ends_refused, at=at)

    async def bodies(self) -> list[str]:
        """Return what is in the log, each once."""
        replayed = [raw async for batch in self.log.replay(0, 1 << 62) for raw in batch.uplinks]
        return sorted({raw.body.decode() for raw in replayed})

    async def windows(self) -> list[Window]:
        """Return the windows in the book."""
        return [each for each in await self.book.entries() if isinstance(each, Window)]

    async def marks(self) -> list[GapMark]:
        """Return up to when gaps were asked for."""
        return [each for each in await self.book.entries() if isinstance(each, GapMark)]


def a_window(since_s: int, until_s: int, *, reason: Reason = "reconnect", dev_eui: str = "") -> Window:
    """Return a window in seconds from noon."""
    return Window("swu", NOON_US + since_s * S, NOON_US + until_s * S, reason, NOON_US, dev_eui)
