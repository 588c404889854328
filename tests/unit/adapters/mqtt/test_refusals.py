"""Brokers that will not have us, and what is no broker: one clear reason, told once it is worth telling."""

import asyncio
import logging

import pytest

from application.errors import Refused, Unavailable
from tests.support.eventually import eventually, soon
from tests.unit.adapters.mqtt.reader import bodies, received, said, source
from tests.unit.adapters.mqtt.scripted_broker import (
    CONNECT,
    SUBSCRIBE,
    ScriptedBroker,
    connack,
    publish,
)


@pytest.mark.parametrize(
    "code, setting",
    [(2, "client_id"), (4, "password_file"), (5, "password_file")],
)
async def test_a_refused_connection_names_the_setting(broker: ScriptedBroker, code: int, setting: str) -> None:
    broker.answer_connect = lambda _connection: connack(code)
    async with source(broker) as reader:
        with pytest.raises(Refused) as caught:
            await soon(reader.receive())
    assert caught.value.attributes == {"setting": setting}
    assert caught.value.message.startswith(f"mqtt://127.0.0.1:{broker.port} refuses")
    assert len(broker.of(CONNECT)) == 1


async def test_a_broker_that_is_not_available_is_asked_again(broker: ScriptedBroker) -> None:
    broker.answer_connect = lambda connection: connack(3 if connection < 2 else 0)
    async with source(broker):
        await broker.has(SUBSCRIBE, 1)
    assert len(broker.of(CONNECT)) == 3


async def test_once_accepted_a_refusal_is_asked_about_again_within_the_budget(broker: ScriptedBroker) -> None:
    broker.answer_connect = lambda connection: connack(0 if connection in {0, 3} else 5)
    async with source(broker):
        await broker.has(SUBSCRIBE, 1)
        broker.drop()
        await broker.has(SUBSCRIBE, 2)
    assert len(broker.of(CONNECT)) == 4


async def test_a_refusal_that_stays_ends_it_when_the_budget_is_spent(broker: ScriptedBroker) -> None:
    broker.answer_connect = lambda connection: connack(5 if connection else 0)
    async with source(broker, unreachable_budget_s=0.1) as reader:
        await broker.has(SUBSCRIBE, 1)
        broker.drop()
        with pytest.raises(Refused, match="check username"):
            await soon(reader.receive())


async def test_a_refused_topic_filter_is_named(broker: ScriptedBroker) -> None:
    broker.answer_subscribe = lambda _topics: b"\x01\x80"
    async with source(broker) as reader:
        with pytest.raises(Refused, match=r"subscribe to 'v3/\+/devices/\+/join': correct topics"):
            await soon(reader.receive())


async def test_a_lower_qos_than_asked_for_is_told(broker: ScriptedBroker, caplog: pytest.LogCaptureFixture) -> None:
    broker.answer_subscribe = bytes  # as many zeros as topics
    with caplog.at_level(logging.INFO):
        async with source(broker):
            await eventually(lambda: said(caplog, "grants QoS 0 only"), expected=True)


async def test_a_broker_that_speaks_another_language_is_left_and_called_again(broker: ScriptedBroker) -> None:
    async with source(broker) as reader:
        for number, garbage in enumerate([b"\xf0\x00", b"\x30\xff\xff\xff\xff\xff", b"\x00\x00", b"\x90\x03\x00"]):
            await broker.has(SUBSCRIBE, 1 + number)
            broker.send(garbage, b"HTTP/1.1 400 Bad Request\r\n\r\n" * 3)
        await broker.has(SUBSCRIBE, 5)
        broker.send(publish(b"at last", 1))
        assert bodies(await received(reader, 1)) == [b"at last"]


async def test_a_broker_that_closes_before_it_answers_leads_to_a_hint(broker: ScriptedBroker) -> None:
    broker.answer_connect = lambda _connection: b""
    async with source(broker, unreachable_budget_s=0.1) as reader:
        with pytest.raises(Unavailable, match=f"closed the connection without an answer: does port {broker.port} need"):
            await soon(reader.receive())


async def test_a_broker_that_wants_another_version_is_told_of(broker: ScriptedBroker) -> None:
    broker.answer_connect = lambda _connection: connack(1)
    async with source(broker) as reader:
        with pytest.raises(Refused, match=r"\(Unsupported protocol version\): it must speak MQTT 3\.1\.1"):
            await soon(reader.receive())


async def test_an_answer_in_another_language_is_told_of(broker: ScriptedBroker) -> None:
    broker.answer_connect = lambda _connection: b"HTTP/1.1 400 Bad Request\r\n\r\n"
    async with source(broker, unreachable_budget_s=0.1) as reader:
        with pytest.raises(
            Unavailable, match=r"its answer is not that of MQTT 3\.1\.1: a packet that begins with 0x48"
        ):
            await soon(reader.receive())


async def test_what_came_before_garbage_is_handed_on_and_the_garbage_counted(
    broker: ScriptedBroker, caplog: pytest.LogCaptureFixture
) -> None:
    async with source(broker) as reader:
        await broker.has(SUBSCRIBE, 1)
        broker.send(publish(b"good", 1), b"\x34\x05abcde")
        assert bodies(await received(reader, 1)) == [b"good"]
        await broker.has(SUBSCRIBE, 2)
        assert reader.violations == 1
    assert "because of what came: a message of a QoS that was not asked for" in caplog.text


async def test_a_message_that_is_too_long_is_refused_before_it_has_come(broker: ScriptedBroker) -> None:
    async with source(broker, longest_packet_bytes=1_000) as reader:
        await broker.has(SUBSCRIBE, 1)
        broker.send(b"\x30\xff\xff\xff\x7f")  # 256 MB, none of which ever comes
        await broker.has(SUBSCRIBE, 2)
        broker.send(publish(b"x" * 900))
        assert bodies(await received(reader, 1)) == [b"x" * 900]


async def test_garbage_on_every_connection_is_the_end(broker: ScriptedBroker) -> None:
    async with source(broker) as reader:
        receiving = asyncio.create_task(reader.receive())
        for number in range(1, 6):
            await broker.has(SUBSCRIBE, number)
            broker.send(b"\x30\xff\xff\xff\x7f")
        with pytest.raises(
            Unavailable, match="on 5 connections in a row: a packet of 268,435,455 bytes, at most 32,000"
        ):
            await soon(receiving)


async def test_fewer_answers_than_topic_filters_are_none(broker: ScriptedBroker) -> None:
    broker.answer_subscribe = lambda _topics: b"\x01"
    async with source(broker, unreachable_budget_s=0.1) as reader:
        with pytest.raises(Unavailable, match=r"its answer is not that of MQTT 3\.1\.1"):
            await soon(reader.receive())


async def test_a_broker_that_never_answers_is_given_up(broker: ScriptedBroker) -> None:
    broker.answer_subscribe = lambda _topics: b""
    async with source(broker, connect_s=0.1, unreachable_budget_s=0.2) as reader:
        with pytest.raises(Unavailable, match=r"no answer within 0\.1 s"):
            await soon(reader.receive())
