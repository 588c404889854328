"""What is fetched, what is remembered as fetched, and what is said when it cannot be."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence

import pytest
from msgspec.structs import replace

from application.backfill import State
from application.errors import Refused, Unavailable
from application.ports.uplink_log import RawUplink
from application.ports.uplink_storage import Asked
from domain.identifiers import DevEui
from tests.support.builders import DEV, a_device
from tests.support.eventually import soon
from tests.unit.application.backfill.scene import HOUR, NOON_US, S, Scene, a_window


class Killed(BaseException):
    """The process is gone."""


def kill_at(point: str, time: int) -> Callable[[str], None]:
    """Return what kills the process when it passes ``point`` for the ``time``-th time."""
    passed: list[str] = []

    def at(name: str) -> None:
        passed.append(name)
        if passed.count(point) == time and name == point:
            raise Killed

    return at


async def test_a_window_is_fetched_and_remembered_as_fetched() -> None:
    scene = Scene()
    for second in range(10):
        scene.storage.keep(NOON_US + second * S, f"frame {second}")
    await scene.book.put([a_window(2, 8)])
    scene.clock.advance(10)
    await scene.backfill().round()
    assert await scene.bodies() == [f"frame {second}" for second in range(2, 8)]
    [window] = await scene.windows()
    assert (window.fetched_us, window.messages, window.is_open) == (scene.clock.now_us(), 6, False)
    await scene.backfill().round()
    assert len(scene.storage.asked) == 1


async def test_a_window_waits_until_the_store_has_all_of_it() -> None:
    scene = Scene()
    await scene.book.put([a_window(0, 60)])
    backfill = scene.backfill(settle_us=10 * S)
    for seconds, asked in ((69, 0), (1, 1)):
        scene.clock.advance(seconds)
        await backfill.round()
        assert len(scene.storage.asked) == asked


async def test_windows_that_overlap_are_fetched_at_once() -> None:
    scene = Scene()
    await scene.book.put([a_window(0, 60), a_window(30, 90), a_window(90, 100), a_window(200, 300)])
    scene.clock.advance(300)
    await scene.backfill().round()
    times = [((each.since_us - NOON_US) // S, (each.until_us - NOON_US) // S) for each in scene.storage.asked]
    assert times == [(0, 100), (200, 300)]
    assert not any(window.is_open for window in await scene.windows())


async def test_a_long_window_is_fetched_in_slices_that_are_remembered() -> None:
    scene = Scene()
    for hour in range(5):
        scene.storage.keep(NOON_US + hour * HOUR + S, f"hour {hour}")
    await scene.book.put([a_window(0, 5 * 3_600)])
    scene.clock.advance(5 * 3_600)
    with pytest.raises(Killed):
        await scene.backfill(kill_at("slice_noted", 3)).round()
    [window] = await scene.windows()
    assert (window.is_open, window.through_us) == (True, NOON_US + 3 * HOUR)
    scene.storage.asked.clear()
    await scene.backfill().round()
    assert len(scene.storage.asked) == 2
    assert await scene.bodies() == [f"hour {hour}" for hour in range(5)]


@pytest.mark.parametrize("time", range(1, 5))
@pytest.mark.parametrize("point", ["page_appended", "slice_noted"])
async def test_a_kill_anywhere_loses_nothing(point: str, time: int) -> None:
    scene = Scene()
    for number in range(12):
        scene.storage.keep(NOON_US + number * 1_000 * S, f"frame {number:02d}")
    await scene.book.put([a_window(0, 12_000)])
    scene.clock.advance(20_000)
    with pytest.raises(Killed):
        await scene.backfill(kill_at(point, time)).round()
    await scene.backfill().round()
    assert await scene.bodies() == [f"frame {number:02d}" for number in range(12)]
    assert not any(window.is_open for window in await scene.windows())


async def test_a_store_that_breaks_off_is_asked_again_after_a_while_and_longer_each_time() -> None:
    scene = Scene()
    for number in range(6):
        scene.storage.keep(NOON_US + number, f"frame {number}")
    await scene.book.put([a_window(0, 60)])
    scene.storage.failures = [Unavailable("it is away"), Unavailable("it is away")]
    backfill = scene.backfill()
    tries = []
    for _ in range(8):
        scene.clock.advance(60)
        await backfill.round()
        tries.append(len(scene.storage.asked))
    assert tries == [1, 2, 2, 3, 3, 3, 3, 3]
    [window] = await scene.windows()
    assert (window.is_open, window.trouble, window.tries) == (False, "", 0)
    assert await scene.bodies() == [f"frame {number}" for number in range(6)]


async def test_what_stands_in_the_way_is_told() -> None:
    scene = Scene()
    await scene.book.put([a_window(0, 60)])
    scene.storage.failures = [Unavailable("it is away")]
    scene.clock.advance(60)
    await scene.backfill().round()
    [window] = await scene.windows()
    assert (window.is_open, window.tries, window.trouble) == (True, 1, "it is away")


async def test_a_refusal_ends_a_role_and_leaves_the_window_open() -> None:
    scene = Scene()
    await scene.book.put([a_window(0, 60)])
    scene.clock.advance(60)
    scene.storage.failures = [Refused("put a valid API key into storage_key_file")]
    with pytest.raises(Refused, match="API key"):
        await scene.backfill(ends_refused=True).round()
    [window] = await scene.windows()
    assert (window.is_open, window.trouble) == (True, "put a valid API key into storage_key_file")


async def test_a_refusal_beside_live_messages_is_an_error_that_is_said_and_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = Scene()
    await scene.book.put([a_window(0, 60)])
    scene.clock.advance(60)
    scene.storage.failures = [Refused("put a valid API key into storage_key_file")]
    backfill = scene.backfill()
    await backfill.round()
    assert [(each.levelname, "API key" in each.message) for each in caplog.records] == [("ERROR", True)]
    scene.clock.advance(600)
    await backfill.round()
    assert not any(window.is_open for window in await scene.windows())


async def test_a_log_that_cannot_be_written_ends_it_and_is_not_taken_for_the_store() -> None:
    scene = Scene()

    async def fail(uplinks: object) -> None:
        raise Unavailable("the disk is full")

    scene.log.append = fail  # type: ignore[method-assign]
    scene.storage.keep(NOON_US, "frame")
    await scene.book.put([a_window(0, 60)])
    scene.clock.advance(60)
    with pytest.raises(Unavailable, match="disk"):
        await scene.backfill().round()
    assert [window.tries for window in await scene.windows()] == [0]


async def test_a_device_is_asked_for_by_the_name_that_its_server_gives_it() -> None:
    scene = Scene()
    await scene.devices.register([a_device()])
    scene.storage.keep(NOON_US, "frame", device_id="spot-0001")
    scene.storage.keep(NOON_US, "of another")
    await scene.book.put([a_window(0, 60, reason="asked", dev_eui=DEV)])
    scene.clock.advance(60)
    await scene.backfill().round()
    assert await scene.bodies() == ["frame"]
    assert [(each.application_id, each.device_id) for each in scene.storage.asked] == [("swu-parking", "spot-0001")]


async def test_a_device_that_the_source_never_named_cannot_be_asked_for() -> None:
    scene = Scene()
    await scene.devices.register([replace(a_device(), source="another")])
    await scene.book.put([a_window(0, 60, dev_eui=DEV), a_window(0, 60, dev_eui=DevEui("0000000000000001"))])
    scene.clock.advance(60)
    await scene.backfill().round()
    assert scene.storage.asked == []
    assert not any(window.is_open for window in await scene.windows())


async def test_windows_of_other_sources_are_others_work() -> None:
    scene = Scene()
    await scene.book.put([replace(a_window(0, 60), source="another")])
    scene.clock.advance(60)
    await scene.backfill().round()
    assert scene.storage.asked == []


async def test_what_was_fetched_is_forgotten_when_the_store_has_forgotten_it_too() -> None:
    scene = Scene()
    await scene.book.put([a_window(0, 60)])
    scene.clock.advance(60)
    backfill = scene.backfill()
    await backfill.round()
    scene.clock.advance(25 * 3_600)
    await backfill.round()
    assert len(await scene.windows()) == 1
    scene.clock.advance(1)
    await backfill.round()
    assert await scene.windows() == []


async def test_a_window_is_an_alarm_once_when_tries_fail_when_it_is_about_to_expire_and_when_it_has(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = Scene()
    await scene.book.put([a_window(0, 60)])
    backfill = scene.backfill()
    scene.storage.failures = [Unavailable("it is away") for _ in range(200)]
    said = []
    for _ in range(25):
        scene.clock.advance(3_600)
        caplog.clear()
        await backfill.round()
        said.append([each.message for each in caplog.records if "the store forgets" in each.message])
    alarms = [(hour, messages[0]) for hour, messages in enumerate(said, 1) if messages]
    assert [hour for hour, _ in alarms] == [6, 18, 24]
    for state, (_, message) in zip(("failing", "expiring", "expired"), alarms, strict=True):
        assert state in message
        assert message.endswith("the store forgets them from 2026-01-02T12:00:00Z on: it is away")
    assert [each.state for each in backfill.due] == [State.EXPIRED]


async def test_what_the_store_had_forgotten_already_is_not_passed_over_in_silence_and_never_forgotten(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = Scene()
    scene.storage.keep(NOON_US + HOUR + HOUR // 2, "frame")
    await scene.book.put([a_window(0, 2 * 3_600)])
    scene.clock.advance(25 * 3_600)
    backfill = scene.backfill()
    await backfill.round()
    [window] = await scene.windows()
    assert (window.is_open, window.lost_until_us) == (False, NOON_US + HOUR)
    assert any("the store had forgotten the beginning" in each.message for each in caplog.records)
    scene.clock.advance(90 * 24 * 3_600)
    await backfill.round()
    assert await scene.windows() == [window]


async def test_a_store_that_has_not_even_what_had_come_before_is_doubted(caplog: pytest.LogCaptureFixture) -> None:
    scene = Scene()
    await scene.book.put([a_window(0, 60), a_window(100, 160, reason="asked")])
    scene.clock.advance(160)
    await scene.backfill().round()
    assert [bool(window.trouble) for window in await scene.windows()] == [True, False]
    assert [each.message for each in caplog.records if "is it activated for the application" in each.message]


async def test_it_works_until_it_is_stopped(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    scene = Scene()
    scene.storage.keep(NOON_US, "frame")
    await scene.book.put([a_window(0, 60)])
    scene.clock.advance(60)
    backfill = scene.backfill(lambda point: backfill.stop() if point == "slice_noted" else None)
    await backfill.run()
    assert await scene.bodies() == ["frame"]
    assert (backfill.counts.came_in, backfill.counts.out, backfill.counts.in_flight) == (1, 1, 0)


async def test_nobody_waits_for_a_store_that_does_not_answer_to_stop_it() -> None:
    scene, was_asked = Scene(), asyncio.Event()

    async def silent(asked: Asked) -> AsyncIterator[Sequence[RawUplink]]:
        was_asked.set()
        await asyncio.Event().wait()
        yield []

    scene.storage.stored = silent  # type: ignore[method-assign]
    await scene.book.put([a_window(0, 60)])
    scene.clock.advance(60)
    backfill = scene.backfill()
    running = asyncio.create_task(backfill.run())
    await soon(was_asked.wait())
    backfill.stop()
    await soon(running)
    assert [window.is_open for window in await scene.windows()] == [True]


async def test_a_message_is_received_when_it_has_its_turn() -> None:
    scene = Scene()
    scene.storage.keep(NOON_US, "frame")
    await scene.book.put([a_window(0, 60)])
    scene.clock.advance(90)
    await scene.backfill().round()
    [batch] = [batch async for batch in scene.log.replay(0, 1 << 62)]
    assert [(raw.received_us, raw.origin) for raw in batch.uplinks] == [(scene.clock.now_us(), "storage")]


async def test_a_time_of_a_device_that_has_no_name_is_not_said_to_be_fetched_without_doubt() -> None:
    scene = Scene()
    await scene.book.put([a_window(0, 60, reason="asked", dev_eui="003e94c6ad72f129")])
    scene.clock.advance(60)
    await scene.backfill().round()
    [window] = await scene.windows()
    assert (window.is_open, window.messages, scene.storage.asked) == (False, 0, [])
    assert "no name for the device" in window.trouble
