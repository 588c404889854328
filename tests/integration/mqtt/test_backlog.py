"""More waits than we ask for: the reader holds back, and takes all of it when it asks again."""

import asyncio
import tracemalloc

import pytest

from adapters.mqtt.uplink_source import MqttUplinkSource
from tests.contract.uplink_source import acknowledged, bodies
from tests.integration.mqtt.broker import LOGGED, NO_WINDOW, publish, source, subscribed
from tests.services.fixtures import MosquittoFactory
from tests.services.tls import AUTHORITY, mosquitto_lines
from tests.support.eventually import eventually, soon
from tools.services.mosquitto import Mosquitto

pytestmark = pytest.mark.integration

WAITING = 100_000
UPLINK = b"x" * 400
READ_AHEAD = 262_144
"""Bytes that asyncio reads at once: they may be here already when the reader is told to hold."""


async def held_back(reader: MqttUplinkSource) -> int:
    """Wait until no more arrives, and return how many messages have."""
    seen = -1
    while seen != reader.received or not seen:
        seen = reader.received
        await asyncio.sleep(0.5)
    return seen


async def backlog(broker: Mosquitto, count: int, ca_file: str = "") -> None:
    """Let ``count`` messages wait in the session of the reader."""
    async with source(broker, tls=bool(ca_file), ca_file=ca_file):
        await subscribed(broker)
    await publish(broker, [b"%d %b" % (number, UPLINK) for number in range(count)], ca_file=ca_file)


async def test_a_reader_that_does_not_ask_holds_back_and_loses_nothing(mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory(NO_WINDOW, LOGGED)
    await backlog(broker, WAITING)
    async with source(broker, buffer_messages=1_000) as reader:
        tracemalloc.start()
        try:
            assert await held_back(reader) == reader.waiting == 1_000
            held = tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()
        # Of 45 MB that wait: 1,000 messages with 500 bytes about each, and what was read ahead, twice while it is cut.
        assert held < 1_000 * (len(UPLINK) + 1_000) + 3 * READ_AHEAD
        last = b"%d %b" % (WAITING - 1, UPLINK)
        got = bodies(await acknowledged(reader, last))
    # On a machine with too much to do the broker may lose patience and give some again; none is missing.
    assert list(dict.fromkeys(int(body.split()[0]) for body in got)) == list(range(WAITING))


async def test_a_reader_that_is_stopped_while_much_waits_leaves_the_rest_to_the_next(
    mosquitto_factory: MosquittoFactory,
) -> None:
    broker = mosquitto_factory(NO_WINDOW, LOGGED)
    await backlog(broker, WAITING)
    async with source(broker, buffer_messages=1_000) as reader:
        await held_back(reader)
        reader.stop()
        taken: list[bytes] = []
        while (delivery := await soon(reader.receive())) is not None:
            taken += bodies([delivery])
            await reader.acknowledge(delivery)
    async with source(broker) as following:
        rest = bodies(await acknowledged(following, b"%d %b" % (WAITING - 1, UPLINK)))
    assert 1_000 <= len(taken) < WAITING
    assert [int(body.split()[0]) for body in taken + rest] == list(range(WAITING))


async def test_by_tls_it_holds_back_too(mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory(NO_WINDOW, LOGGED, *mosquitto_lines())
    await backlog(broker, 10_000, AUTHORITY)
    async with source(broker, buffer_messages=1_000, tls=True, ca_file=AUTHORITY) as reader:
        assert await held_back(reader) == 1_000
        got = bodies(await acknowledged(reader, b"9999 %b" % UPLINK))
    assert [int(body.split()[0]) for body in got] == list(range(10_000))


async def test_bytes_are_bounded_too(mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory(NO_WINDOW, LOGGED)
    await backlog(broker, 500)
    async with source(broker, buffer_bytes=20_000) as reader:
        assert await held_back(reader) == 50  # 49 of 402 bytes are 19,698


async def test_a_reader_that_holds_back_for_long_stays_connected(mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory(NO_WINDOW, LOGGED)
    await backlog(broker, 500)
    async with source(broker, buffer_messages=10, keepalive_s=1.0) as reader:
        await held_back(reader)
        await asyncio.sleep(3.0)  # twice as long as either side waits for a sign of life
        assert len(bodies(await acknowledged(reader, b"499 %b" % UPLINK))) == 500
        assert reader.reconnects == 0


async def test_a_message_of_any_size_is_handed_on(mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory(LOGGED)
    large = b"y" * 20_000_000
    async with source(broker) as reader:
        await subscribed(broker)
        await publish(broker, [b"before", large, b"after"])
        assert bodies(await acknowledged(reader, b"after")) == [b"before", large, b"after"]


async def test_a_stopped_reader_hands_out_what_is_here_and_then_ends(mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory(LOGGED)
    async with source(broker, qos=0, buffer_messages=10) as reader:
        await subscribed(broker)
        await publish(broker, [b"%d" % number for number in range(100)], qos=0)

        async def arrived() -> int:
            return reader.waiting

        await eventually(arrived, 10)
        reader.stop()
        got = []
        while (delivery := await reader.receive()) is not None:
            got += [uplink.body for uplink in delivery.uplinks]
    assert got == [b"%d" % number for number in range(len(got))]
    assert len(got) >= 10
