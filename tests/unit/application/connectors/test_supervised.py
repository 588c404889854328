"""A connector as its process runs it: its state is true at every moment."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from application.connectors import Opened, Progress, Supervised
from application.errors import Refused, Unavailable
from application.stage_counts import StageCounts
from tests.support.clock import FakeClock
from tests.support.eventually import soon, until


class Works:
    """A connector that waits until it is told to stop, or fails, or never ends."""

    def __init__(self, progress: Progress, *, hangs: bool = False) -> None:
        self.lets_go = asyncio.Event()
        self.lets_go.set()
        self.progress = progress
        self.counts: StageCounts = progress.counts
        self.error: BaseException | None = None
        self._hangs = hangs
        self._over = asyncio.Event()

    async def run(self) -> None:
        await self._over.wait()
        if self._hangs:
            try:
                await asyncio.Event().wait()
            finally:
                await self.lets_go.wait()
        if self.error is not None:
            raise self.error

    async def stop(self) -> None:
        self._over.set()

    def fail(self, error: BaseException) -> None:
        """Fail from within."""
        self.error = error
        self._over.set()


class Sees:
    """A watch that raises when a test says so."""

    def __init__(self) -> None:
        self.found = asyncio.Event()
        self.finding: BaseException = Unavailable("the connector hangs")
        self.ended = False

    async def run(self, stop: asyncio.Event) -> None:
        stopping = asyncio.create_task(stop.wait())
        finding = asyncio.create_task(self.found.wait())
        try:
            await asyncio.wait({stopping, finding}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            finding.cancel()
            self.ended = True
        if self.found.is_set():
            raise self.finding


class Scene:
    """A supervised connector with all its parts."""

    def __init__(
        self, *, hangs: bool = False, refusal: BaseException | None = None, closing: Exception | None = None
    ) -> None:
        self.clock = FakeClock()
        self.progress = Progress(self.clock)
        self.works = Works(self.progress, hangs=hangs)
        self.sees = Sees()
        self.connected = True
        self.closed = False
        self._refusal = refusal
        self._closing = closing
        self.connector = Supervised("swu-water-ttn", "ttn_uplinks", self.progress, self._open)

    async def _open(self, stack: AsyncExitStack, progress: Progress) -> Opened:
        del progress
        stack.push_async_exit(self._close)
        if self._refusal is not None:
            raise self._refusal
        return Opened(
            self.works, [self.sees], is_connected=lambda: self.connected, trouble=lambda: "connection refused"
        )

    async def _close(self, *_: object) -> None:
        self.closed = True
        if self._closing is not None:
            raise self._closing

    async def running(self) -> asyncio.Task[None]:
        """Let it run."""
        task = asyncio.create_task(self.connector.run())
        await until(lambda: self.progress.state == "RUNNING")
        return task


async def test_before_anybody_runs_it_it_is_unassigned() -> None:
    assert Scene().progress.state == "UNASSIGNED"


async def test_told_to_stop_it_ends_and_closes_what_it_opened() -> None:
    scene = Scene()
    running = await scene.running()
    await scene.connector.stop()
    await soon(running)
    assert scene.progress.state == "STOPPED"
    assert scene.closed
    assert scene.sees.ended


async def test_a_failure_is_its_state_and_its_error() -> None:
    scene = Scene()
    running = await scene.running()
    scene.works.fail(Refused("the broker refuses us", setting="topics"))
    with pytest.raises(Refused):
        await soon(running)
    assert (scene.progress.state, scene.progress.last_error) == ("FAILED", "the broker refuses us")
    assert scene.progress.last_error_us > 0
    assert scene.closed


async def test_what_cannot_be_opened_has_failed() -> None:
    scene = Scene(refusal=Unavailable("Kafka does not answer"))
    with pytest.raises(Unavailable):
        await soon(scene.connector.run())
    assert (scene.progress.state, scene.progress.last_error) == ("FAILED", "Kafka does not answer")
    assert scene.closed


async def test_one_that_a_library_breaks_off_has_failed_and_did_not_stop() -> None:
    scene = Scene()
    running = await scene.running()
    scene.works.fail(asyncio.CancelledError())
    with pytest.raises(RuntimeError, match="was broken off, and nobody had told it to"):
        await soon(running)
    assert scene.progress.state == "FAILED"
    assert scene.progress.last_error == "Works.run was broken off, and nobody had told it to"
    assert scene.closed


async def test_a_watch_that_a_library_breaks_off_is_a_failure_too() -> None:
    scene = Scene()
    scene.sees.found.set()
    scene.sees.finding = asyncio.CancelledError()
    with pytest.raises(RuntimeError, match=r"Sees\.run was broken off"):
        await soon(scene.connector.run())
    assert scene.progress.state == "FAILED"


async def test_an_opening_that_a_library_breaks_off_has_failed() -> None:
    scene = Scene(refusal=asyncio.CancelledError())
    with pytest.raises(RuntimeError, match="its opening was broken off"):
        await soon(scene.connector.run())
    assert scene.progress.state == "FAILED"


async def test_what_is_broken_off_once_it_was_told_to_stop_has_stopped() -> None:
    scene = Scene()
    running = await scene.running()
    scene.works.error = asyncio.CancelledError()
    await scene.connector.stop()
    await soon(running)
    assert (scene.progress.state, scene.progress.last_error) == ("STOPPED", "")


async def test_what_fails_in_closing_does_not_hide_why_it_is_closed() -> None:
    scene = Scene(closing=Unavailable("the connection is gone"))
    running = await scene.running()
    scene.works.fail(ValueError("a bug"))
    with pytest.raises(ValueError, match="a bug"):
        await soon(running)
    assert (scene.progress.state, scene.progress.last_error) == ("FAILED", "a bug")


async def test_a_failure_in_closing_alone_is_a_failure() -> None:
    scene = Scene(closing=Unavailable("what was in hand cannot be stored"))
    running = await scene.running()
    await scene.connector.stop()
    with pytest.raises(Unavailable):
        await soon(running)
    assert scene.progress.state == "FAILED"


async def test_what_a_watch_finds_ends_a_connector_that_would_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.connectors.supervised._STOP_S", 0.05)
    scene = Scene(hangs=True)
    running = await scene.running()
    scene.sees.found.set()
    with pytest.raises(Unavailable, match="hangs"):
        await soon(running)
    assert (scene.progress.state, scene.progress.last_error) == ("FAILED", "the connector hangs")


async def test_one_that_does_not_even_let_go_is_left_behind_and_said_to_have_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("application.connectors.supervised._STOP_S", 0.05)
    monkeypatch.setattr("application.connectors.supervised._LET_GO_S", 0.05)
    scene = Scene(hangs=True)
    scene.works.lets_go.clear()  # as a thread that writes to a share that is away
    running = await scene.running()
    scene.sees.found.set()
    with pytest.raises(Unavailable, match="hangs"):
        await soon(running, deadline_s=5.0)
    assert scene.progress.state == "FAILED"
    scene.works.lets_go.set()


async def test_without_a_connection_it_is_restarting_and_not_running() -> None:
    scene = Scene()
    running = await scene.running()
    seen: list[str] = []
    for scene.connected in (False, True):
        scene.connector.look()
        seen.append(scene.progress.state)
    assert seen == ["RESTARTING", "RUNNING"]
    assert scene.progress.last_error == "connection refused"
    await scene.connector.stop()
    await soon(running)


async def test_broken_off_it_does_not_go_on_saying_that_it_runs() -> None:
    scene = Scene(hangs=True)
    running = await scene.running()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert scene.progress.state == "STOPPED"


async def test_told_to_stop_before_it_is_open_it_does_not_begin() -> None:
    scene = Scene()
    await scene.connector.stop()
    await soon(scene.connector.run())
    assert scene.progress.state == "STOPPED"
