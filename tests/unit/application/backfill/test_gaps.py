"""Gaps of single devices are asked for once; what the store does not have either stays with the radio."""

from collections.abc import Sequence

from adapters.memory.loss_days import MemoryLossDays
from application.backfill import Backfill
from application.errors import Unavailable
from application.ports.backfill_book import GapMark
from domain.identifiers import DevEui
from domain.radio import FrameAccount, LossDay, LossLedger, account
from tests.support.builders import DEV, a_device, an_uplink
from tests.unit.application.backfill.scene import HOUR, NOON_US, S, Scene, a_window

EVERY_US = 300 * S


async def hear(losses: MemoryLossDays, *counters: int, dev_eui: str = DEV, source: str = "swu") -> None:
    """Let frames of a quarter of an hour each be heard."""
    ledger, known = LossLedger(), FrameAccount()
    for f_cnt in counters:
        _, known = account(an_uplink(f_cnt, dev_eui=dev_eui), known)
    await losses.write(ledger.days(DevEui(dev_eui), source, known, 1))


def with_gaps(scene: Scene) -> Backfill:
    """Return a process that asks for gaps."""
    return scene.backfill(gaps_every_us=EVERY_US)


async def a_scene(*counters: int) -> Scene:
    """Return one in which a device was heard, half an hour after its last frame."""
    scene = Scene()
    await scene.devices.register([a_device()])
    await hear(scene.losses, *counters)
    scene.clock.advance(900 * counters[-1] + 1_800)
    return scene


async def test_a_gap_is_asked_for_of_its_device_and_its_time() -> None:
    scene = await a_scene(0, 1, 4)
    scene.storage.keep(NOON_US + 1_800 * S, "frame 2", "spot-0001")
    await with_gaps(scene).round()
    [asked] = scene.storage.asked
    assert (asked.application_id, asked.device_id) == ("swu-parking", "spot-0001")
    assert (asked.since_us, asked.until_us) == (NOON_US + 900 * S, NOON_US + 3_601 * S)
    assert await scene.bodies() == ["frame 2"]


async def test_the_gaps_of_a_device_are_one_question() -> None:
    scene = await a_scene(0, 2, 4, 5, 7)
    await scene.backfill(gaps_every_us=EVERY_US, gap_lookback_us=3 * HOUR).round()
    [asked] = scene.storage.asked
    assert (asked.since_us, asked.until_us) == (NOON_US, NOON_US + 6_301 * S)


async def test_a_gap_that_the_store_cannot_fill_either_is_asked_for_once() -> None:
    scene = await a_scene(0, 2)
    backfill = with_gaps(scene)
    for _ in range(5):
        await backfill.round()
        scene.clock.advance(600)
    assert len(scene.storage.asked) == 1


async def test_after_an_hour_not_even_a_restart_asks_for_it_again() -> None:
    scene = await a_scene(0, 2)
    backfill = with_gaps(scene)
    for _ in range(10):
        await backfill.round()
        scene.clock.advance(600)
    await with_gaps(scene).round()
    assert len(scene.storage.asked) == 1


async def test_a_fresh_gap_waits_for_frames_that_are_only_late() -> None:
    scene = Scene()
    await scene.devices.register([a_device()])
    await hear(scene.losses, 0, 2)
    backfill = with_gaps(scene)
    asked = []
    for _ in range(5):
        scene.clock.advance(600)
        await backfill.round()
        asked.append(len(scene.storage.asked))
    assert asked == [0, 0, 0, 0, 1]


async def test_a_gap_within_a_window_needs_no_question_of_its_own() -> None:
    scene = await a_scene(0, 2)
    await scene.book.put([a_window(-60, 1_860)])
    await with_gaps(scene).round()
    assert [each.device_id for each in scene.storage.asked] == [""]


async def test_gaps_of_other_sources_are_others_work() -> None:
    scene = Scene()
    await hear(scene.losses, 0, 2, source="another")
    scene.clock.advance(3_600)
    await with_gaps(scene).round()
    assert scene.storage.asked == []


async def test_a_store_that_is_away_is_asked_again_and_the_mark_stays() -> None:
    scene = await a_scene(0, 2)
    scene.storage.failures = [Unavailable("it is away")]
    backfill = with_gaps(scene)
    await backfill.round()
    [mark] = await scene.marks()
    assert mark.trouble == "it is away"
    scene.clock.advance(60)
    await backfill.round()
    assert len(scene.storage.asked) == 2
    [after] = await scene.marks()
    assert after.trouble == ""
    assert after.through_us >= mark.through_us


async def test_many_devices_are_asked_for_a_few_at_a_time_and_none_is_forgotten() -> None:
    scene = Scene()
    devices = [f"003e94c6ad72{number:04x}" for number in range(25)]
    for number, dev_eui in enumerate(devices):
        await scene.devices.register([a_device(dev_eui)])
        await hear(scene.losses, 0, 2 + number % 2, dev_eui=dev_eui)
    scene.clock.advance(3_600)
    backfill = with_gaps(scene)
    asked = []
    for _ in range(4):
        await backfill.round()
        asked.append(len(scene.storage.asked))
    assert asked == [10, 20, 25, 25]


class CountedDays(MemoryLossDays):
    """Counts the questions for days."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[int] = set()

    async def of_day(self, day: int, *, size: int, after: tuple[str, str] = ("", "")) -> Sequence[LossDay]:
        self.asked.add(day)
        return await super().of_day(day, size=size, after=after)


async def test_days_that_the_store_has_forgotten_are_not_looked_through() -> None:
    scene = Scene()
    losses = scene.losses = CountedDays()
    await scene.book.put([GapMark("swu", NOON_US, NOON_US)])
    scene.clock.advance(400 * 86_400)
    await with_gaps(scene).round()
    assert len(losses.asked) == 2
