"""What every connector promises, whichever its ends: stored first, acknowledged second, counted, and truthful.

A scene offers things to the connector's source, and says what is stored and what is acknowledged.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

import pytest

from application.connectors import Connector
from application.errors import Unavailable
from tests.support.eventually import soon, until


class Scene(Protocol):
    """A connector between two ends that a test holds."""

    @property
    def connector(self) -> Connector:
        """The connector."""

    async def offer(self, count: int) -> None:
        """Let the source have ``count`` more things, all good and all different."""

    async def offer_a_bad_one(self) -> None:
        """Let it have one that cannot be stored and is to be counted as dead or ignored."""

    def break_the_store(self) -> None:
        """Let the store be unavailable from now on."""

    def stored(self) -> int:
        """Return how many of the good things are stored."""

    def acknowledged(self) -> int:
        """Return how many things, good or bad, the source need not give again."""


@asynccontextmanager
async def running(scene: Scene) -> AsyncIterator[asyncio.Task[None]]:
    """Let the connector run, and end at the end."""
    task = asyncio.create_task(scene.connector.run())
    try:
        yield task
    finally:
        await scene.connector.stop()
        await asyncio.wait({task}, timeout=10.0)


class ConnectorContract:
    """Subclass with a fixture ``scene``."""

    async def test_what_is_offered_is_stored_and_then_acknowledged(self, scene: Scene) -> None:
        async with running(scene):
            await scene.offer(3)
            await until(lambda: scene.acknowledged() == 3)
            assert scene.stored() == 3

    async def test_what_is_not_stored_is_not_acknowledged_and_ends_it(self, scene: Scene) -> None:
        scene.break_the_store()
        async with running(scene) as task:
            await scene.offer(1)
            with pytest.raises(Unavailable):
                await soon(task)
        assert scene.acknowledged() == 0
        assert scene.connector.progress.last_success_us == 0

    async def test_a_bad_one_does_not_hold_up_its_neighbours(self, scene: Scene) -> None:
        async with running(scene):
            await scene.offer(1)
            await scene.offer_a_bad_one()
            await scene.offer(1)
            await until(lambda: scene.acknowledged() == 3)
            assert scene.stored() == 2

    async def test_its_law_balances(self, scene: Scene) -> None:
        async with running(scene):
            await scene.offer(2)
            await scene.offer_a_bad_one()
            await until(lambda: scene.connector.counts.came_in == 3 and not scene.connector.counts.in_flight)
        counts = scene.connector.counts
        assert (counts.out, counts.dead + counts.ignored.total()) == (2, 1)

    async def test_it_notes_when_it_succeeded_and_with_what(self, scene: Scene) -> None:
        async with running(scene):
            await scene.offer(1)
            await until(lambda: scene.connector.progress.last_success_us > 0)
            assert scene.connector.progress.last_event_us > 0

    async def test_told_to_stop_it_ends_with_nothing_in_flight(self, scene: Scene) -> None:
        async with running(scene) as task:
            await scene.offer(3)
            await until(lambda: scene.acknowledged() == 3)
            await scene.connector.stop()
            await soon(task)
        assert scene.connector.counts.in_flight == 0
