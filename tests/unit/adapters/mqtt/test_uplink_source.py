"""The MQTT source, and brokers that do what real ones do rarely."""

import asyncio
import contextlib

import pytest

from application.errors import Refused
from tests.support.eventually import eventually, soon
from tests.unit.adapters.mqtt.reader import CLOCK, bodies, received, said, source, waiting
from tests.unit.adapters.mqtt.scripted_broker import (
    CONNECT,
    DISCONNECT,
    PINGREQ,
    PUBACK,
    SUBSCRIBE,
    ScriptedBroker,
    connack,
    publish,
)


async def test_a_message_is_handed_on_untouched(broker: ScriptedBroker) -> None:
    async with source(broker) as reader:
        await broker.has(SUBSCRIBE, 1)
        broker.send(publish(b"\x00\xff{", 7, dup=True), publish(b""))
        first, second = [each for delivery in await received(reader, 2) for each in delivery.uplinks]
    assert (first.source, first.network_server, first.topic) == ("swu", "tts", "v3/app@ulm/devices/d/up")
    assert (first.body, first.mqtt_dup, first.received_us) == (b"\x00\xff{", True, CLOCK.now_us())
    assert (second.body, second.mqtt_dup) == (b"", False)


async def test_a_topic_that_is_not_utf8_costs_the_topic_only(broker: ScriptedBroker) -> None:
    async with source(broker) as reader:
        await broker.has(SUBSCRIBE, 1)
        broker.send(publish(b"body", topic=b"v3/\xff"))
        (delivery,) = await received(reader, 1)
    assert [(uplink.topic, uplink.body) for uplink in delivery.uplinks] == [("", b"body")]


@pytest.mark.parametrize("qos, clean_session", [(0, True), (1, False)])
async def test_a_session_is_kept_at_qos_1_only(broker: ScriptedBroker, qos: int, clean_session: bool) -> None:
    async with source(broker, qos=qos):
        (connect,) = await broker.has(CONNECT, 1)
    flags, client_id = connect.body[7], connect.body[12:]
    assert bool(flags & 0x02) is clean_session
    assert client_id == b"reader"


async def test_acknowledgements_are_written_in_order_and_only_for_what_was_given(broker: ScriptedBroker) -> None:
    async with source(broker, batch_messages=3) as reader:
        await broker.has(SUBSCRIBE, 1)
        broker.send(*(publish(b"%d" % mid, mid) for mid in (5, 3, 9, 4)))
        first, *_ = await received(reader, 3)
        await reader.acknowledge(first)
        acknowledged = await broker.has(PUBACK, 3)
    assert [packet.mid for packet in acknowledged] == [5, 3, 9]
    assert [packet.mid for packet in broker.of(PUBACK)] == [5, 3, 9]


async def test_what_came_at_qos_0_is_not_acknowledged(broker: ScriptedBroker) -> None:
    async with source(broker) as reader:
        await broker.has(SUBSCRIBE, 1)
        broker.send(publish(b"0"), publish(b"1", 1))
        for delivery in await received(reader, 2):
            await reader.acknowledge(delivery)
        assert [packet.mid for packet in await broker.has(PUBACK, 1)] == [1]


async def test_an_acknowledgement_of_an_older_connection_is_dropped_and_counted(broker: ScriptedBroker) -> None:
    async with source(broker) as reader:
        await broker.has(SUBSCRIBE, 1)
        broker.send(publish(b"old", 1), publish(b"older", 2))
        pending = await received(reader, 2)
        broker.drop()
        await broker.has(SUBSCRIBE, 2)
        broker.send(publish(b"new", 1))
        (new,) = await received(reader, 1)
        for delivery in pending:
            await reader.acknowledge(delivery)
        assert reader.dropped_acknowledgements == 2
        await reader.acknowledge(new)
    assert [packet.mid for packet in broker.of(PUBACK)] == [1]


async def test_what_was_read_before_the_end_of_a_connection_is_handed_on(broker: ScriptedBroker) -> None:
    async with source(broker, qos=0, buffer_messages=2) as reader:
        await broker.has(SUBSCRIBE, 1)
        broker.send(*(publish(b"%d" % number) for number in range(10)))
        broker.drop()
        assert bodies(await received(reader, 10)) == [b"%d" % number for number in range(10)]


async def test_a_reader_that_does_not_ask_is_not_given_more_by_way_of_new_connections(broker: ScriptedBroker) -> None:
    async with source(broker, qos=0, buffer_messages=2) as reader:
        await broker.has(SUBSCRIBE, 1)
        broker.send(*(publish(b"%d" % number) for number in range(10)))
        await eventually(lambda: waiting(reader), 2)
        broker.drop()
        await eventually(lambda: waiting(reader), 10)
        await asyncio.sleep(0.1)  # a hundred times the pause before the next connection
        assert len(broker.of(CONNECT)) == 1
        await received(reader, 10)
        await broker.has(SUBSCRIBE, 2)


async def test_a_subscription_answered_behind_a_backlog_is_waited_for(broker: ScriptedBroker) -> None:
    backlog = b"".join(publish(b"%d" % mid, mid) for mid in range(1, 101))
    broker.answer_connect = lambda _connection: connack(session_present=True) + backlog
    async with source(broker, buffer_messages=10, connect_s=0.1) as reader:
        await broker.has(SUBSCRIBE, 1)
        await asyncio.sleep(0.3)  # longer than an answer may take
        assert len(bodies(await received(reader, 100))) == 100
        assert len(broker.of(CONNECT)) == 1


async def test_a_lost_session_is_counted_and_told(broker: ScriptedBroker, caplog: pytest.LogCaptureFixture) -> None:
    async with source(broker) as reader:
        await broker.has(SUBSCRIBE, 1)
        broker.drop()
        await broker.has(SUBSCRIBE, 2)
        await eventually(lambda: said(caplog, "lost our session"), expected=True)
        assert (reader.reconnects, reader.sessions_lost) == (1, 1)


async def test_a_kept_session_is_not_counted_as_lost(broker: ScriptedBroker) -> None:
    broker.answer_connect = lambda connection: connack(session_present=connection > 0)
    async with source(broker) as reader:
        await broker.has(SUBSCRIBE, 1)
        broker.drop()
        await broker.has(SUBSCRIBE, 2)
        broker.send(publish(b"1", 1))
        await received(reader, 1)
        assert (reader.reconnects, reader.sessions_lost) == (1, 0)


async def test_a_silent_broker_is_taken_for_dead(broker: ScriptedBroker) -> None:
    broker.answers_pings = False
    async with source(broker, keepalive_s=0.1):
        await broker.has(CONNECT, 2)
    assert broker.of(PINGREQ)


async def test_a_broker_that_answers_is_kept(broker: ScriptedBroker) -> None:
    async with source(broker, keepalive_s=0.1):
        await broker.has(PINGREQ, 10)  # far more than may go unanswered
    assert len(broker.of(CONNECT)) == 1


async def test_two_clients_of_one_id_are_found_out_by_how_often_the_broker_ends_it(
    broker: ScriptedBroker, caplog: pytest.LogCaptureFixture
) -> None:
    async with source(broker) as reader:
        receiving = asyncio.create_task(reader.receive())
        for number in range(1, 6):
            await broker.has(SUBSCRIBE, number)
            broker.drop()
        with pytest.raises(Refused, match="5 times soon after it was made: another process uses client_id 'reader'"):
            await soon(receiving)
    assert await said(caplog, "does another process use client_id 'reader'?")


async def test_a_broker_that_restarts_often_is_not_taken_for_two_clients(broker: ScriptedBroker) -> None:
    broker.answer_connect = lambda connection: connack(3 if connection % 3 == 2 else 0)
    async with source(broker) as reader:
        for number in range(1, 7):
            await broker.has(SUBSCRIBE, number)
            broker.drop()
        await broker.has(SUBSCRIBE, 7)
        broker.send(publish(b"still here", 1))
        assert bodies(await received(reader, 1)) == [b"still here"]


async def test_leaving_waits_until_the_broker_has_read_our_acknowledgements(broker: ScriptedBroker) -> None:
    async with source(broker) as reader:
        await broker.has(SUBSCRIBE, 1)
        broker.send(*(publish(b"%d" % mid, mid) for mid in range(1, 51)))
        for delivery in await received(reader, 50):
            await reader.acknowledge(delivery)
    assert [packet.kind for packet in broker.packets[-51:]] == [PUBACK] * 50 + [DISCONNECT]


async def test_a_source_that_is_left_before_it_has_connected_ends_at_once(broker: ScriptedBroker) -> None:
    broker.answer_connect = lambda _connection: b""
    async with source(broker) as reader:
        pass
    assert await soon(reader.receive()) is None


async def test_leaving_a_broker_that_never_answered_takes_no_time(broker: ScriptedBroker) -> None:
    broker.answer_connect = lambda _connection: b"\x20"  # as far as it comes
    async with source(broker, connect_s=600.0):
        await broker.has(CONNECT, 1)
    assert broker.of(DISCONNECT) == []


async def test_a_reader_that_stops_waiting_loses_nothing(broker: ScriptedBroker) -> None:
    async with source(broker, linger_s=5.0) as reader:
        await broker.has(SUBSCRIBE, 1)
        broker.send(publish(b"1", 1))
        receiving = asyncio.create_task(reader.receive())
        await eventually(lambda: waiting(reader), 1)
        receiving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await receiving
        reader.stop()
        assert bodies(await received(reader, 1)) == [b"1"]
