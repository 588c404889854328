"""A broker that goes away and comes back leaves a window, from the last message before to the first chance after."""

import asyncio
from contextlib import suppress

import pytest

from adapters.memory.backfill_book import MemoryBackfillBook
from adapters.memory.uplink_log import MemoryUplinkLog
from adapters.mqtt.uplink_source import MqttUplinkSource
from adapters.system.clock import SystemClock
from application.backfill import WatchedSource, Watching
from application.ingest import Ingest
from application.ports.backfill_book import Window
from tests.integration.mqtt.broker import publish, settings
from tests.services.fixtures import MosquittoFactory
from tests.support.eventually import until

pytestmark = pytest.mark.integration


async def test_a_broker_that_was_killed_leaves_a_window_around_what_was_said_meanwhile(
    mosquitto_factory: MosquittoFactory,
) -> None:
    broker, book, clock, log = mosquitto_factory(), MemoryBackfillBook(), SystemClock(), MemoryUplinkLog()
    async with MqttUplinkSource(settings(broker, qos=0), clock) as source:
        watched = WatchedSource(source, book, clock, Watching("swu", "bridge", 0))
        await watched.begin()
        ingest = Ingest(watched, log)
        working = [asyncio.create_task(ingest.run()), asyncio.create_task(watched.run())]
        await until(lambda: source.connected)
        await publish(broker, [b"before"])
        await until(lambda: ingest.counts.out == 1)
        broker.kill()
        await until(lambda: not source.connected)
        lost_us = clock.now_us()
        broker.start()
        await until(lambda: source.connected)
        await publish(broker, [b"after"])
        await until(lambda: ingest.counts.out == 2)
        ingest.stop()
        await asyncio.gather(*working)
    [before, after] = [raw async for batch in log.replay(0, 1 << 62) for raw in batch.uplinks]
    [window] = [each for each in await book.entries() if isinstance(each, Window)]
    assert (window.reason, window.since_us) == ("reconnect", before.received_us)
    assert lost_us < window.until_us
    assert window.until_us - after.received_us < 60_000_000


async def test_a_second_client_of_the_same_id_leaves_windows_too(mosquitto_factory: MosquittoFactory) -> None:
    broker, book, clock = mosquitto_factory(), MemoryBackfillBook(), SystemClock()
    async with MqttUplinkSource(settings(broker, qos=0), clock) as source:
        watched = WatchedSource(source, book, clock, Watching("swu", "bridge", 0))
        ingest = Ingest(watched, MemoryUplinkLog())
        await watched.begin()
        working = [asyncio.create_task(ingest.run()), asyncio.create_task(watched.run())]
        await until(lambda: source.connected)
        await publish(broker, [b"before"])
        await until(lambda: ingest.counts.out == 1)
        async with MqttUplinkSource(settings(broker, qos=0, longest_pause_s=60.0, first_pause_s=60.0), clock):
            await until(lambda: source.losses == 1)
            await until(lambda: source.connected)
        ingest.stop()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*working)
    assert [each.reason for each in await book.entries() if isinstance(each, Window)] == ["reconnect"]
