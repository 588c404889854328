"""Builders of what the tests of the Kafka adapters work with."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar
from uuid import uuid4

import msgspec
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.structs import TopicPartition

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.log_record import LogRecord
from adapters.kafka.partition_assignment import KafkaPartitionAssignment
from adapters.kafka.partition_reader import PartitionReader
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from adapters.kafka.topics_migration import KafkaTopicsMigration
from adapters.kafka.uplink_consumer import UplinkConsumer
from adapters.kafka.uplink_log import KafkaUplinkLog
from application.ports.dead_letters import DeadLetter
from application.ports.uplink_log import RawUplink
from domain.device import Device, DeviceState
from domain.observation import Observation
from domain.radio import LossDay
from tests.contract.stream import Results, results_of
from tests.contract.uplink_log import Replica
from tests.support.eventually import eventually, soon

SESSION_S = 10.0
"""No test waits for a session to end unless it says so."""
CENTURY_DAYS = 36_500
"""Tests write records of any year, which retention must not take away."""

_T = TypeVar("_T")


class _EndDeviceIds(msgspec.Struct):
    dev_eui: str


class _Envelope(msgspec.Struct):
    end_device_ids: _EndDeviceIds


def key_of(uplink: RawUplink) -> str | None:
    """Return the device that a message of the contract suites speaks of."""
    try:
        return msgspec.json.decode(uplink.body, type=_Envelope).end_device_ids.dev_eui.lower()
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def topics_named(suffix: str = "", *, partitions: int = 1, max_message_bytes: int = 1_048_576) -> Topics:
    """Return topics with names that no other test has."""
    own = suffix or uuid4().hex[:8]
    return Topics(
        uplinks=f"uplinks-{own}",
        observations=f"observations-{own}",
        device_states=f"device-states-{own}",
        devices=f"devices-{own}",
        registry=f"registry-{own}",
        radio_metadata=f"radio-metadata-{own}",
        positions=f"positions-{own}",
        activations=f"activations-{own}",
        loss_ledger=f"loss-ledger-{own}",
        dead_letters=f"dead-letters-{own}",
        device_memory=f"device-memory-{own}",
        connectors=f"connectors-{own}",
        backfill=f"backfill-{own}",
        partitions=partitions,
        retention_days=CENTURY_DAYS,
        max_message_bytes=max_message_bytes,
    )


async def migrated(connection: KafkaConnection, topics: Topics) -> Topics:
    """Return ``topics``, created."""
    async with KafkaTopicsMigration(connection, topics) as migration:
        await migration.migrate()
    return topics


def group_of(topics: Topics) -> str:
    """Return the consumer group that belongs to ``topics``."""
    return f"group-{topics.uplinks}"


def uplink_consumer(
    connection: KafkaConnection, topics: Topics, *, instance_id: str = "", session_s: float = SESSION_S
) -> UplinkConsumer:
    """Return a consumer of the group that belongs to ``topics``."""
    return UplinkConsumer(connection, topics, group_of(topics), instance_id=instance_id, session_timeout_s=session_s)


@asynccontextmanager
async def opened_replica(connection: KafkaConnection, topics: Topics) -> AsyncIterator[Replica]:
    """Open what a process that reads and appends uplinks has."""
    async with (
        BatchProducer(connection, max_batch_bytes=topics.max_message_bytes) as producer,
        uplink_consumer(connection, topics) as consumer,
    ):
        log = KafkaUplinkLog(connection, topics, producer, consumer, key_of)
        yield Replica(log, KafkaPartitionAssignment(consumer))


async def remove_records(connection: KafkaConnection, topic: str, before: int) -> None:
    """Let partition 0 of ``topic`` begin at ``before``, as retention would."""
    async with _admin(connection) as admin:
        await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(before)})


async def recreate(connection: KafkaConnection, topics: Topics, topic: str) -> None:
    """Delete ``topic`` and create it anew."""
    async with _admin(connection) as admin:
        await admin.delete_topics([topic])

        async def is_there() -> bool:
            return topic in await admin.list_topics()

        await eventually(is_there, expected=False)
    await migrated(connection, topics)


@asynccontextmanager
async def _admin(connection: KafkaConnection) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**connection.arguments())
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


@asynccontextmanager
async def owning(consumer: UplinkConsumer, partitions: Sequence[int] = (0,)) -> AsyncIterator[KafkaPartitionAssignment]:
    """Own ``partitions`` inside the ``with``, without reading them."""
    assignment = KafkaPartitionAssignment(consumer)
    owned: set[int] = set()

    async def hold(partition: int) -> None:
        owned.add(partition)
        while not consumer.is_ending(partition):
            await asyncio.sleep(0.01)

    async def seen() -> set[int]:
        return owned

    running = asyncio.create_task(assignment.run(hold))
    await eventually(seen, set(partitions))
    try:
        yield assignment
    finally:
        await assignment.stop()
        await soon(running)


async def records_of(connection: KafkaConnection, topic: str, partitions: Sequence[int] = (0,)) -> list[LogRecord]:
    """Return all records of ``partitions`` of ``topic``, one partition after the other."""
    found: list[LogRecord] = []
    async with PartitionReader(connection, topic, partitions) as reader:
        begins, ends = await reader.begins(), await reader.ends()
        for partition in partitions:
            async for records in reader.read(partition, begins[partition], ends[partition]):
                found.extend(records)
    return found


async def stored_results(connection: KafkaConnection, topics: Topics) -> Results:
    """Return what stores must hold that follow ``topics``."""

    async def read(topic: str, kind: type[_T]) -> list[_T]:
        records = await records_of(connection, topic, range(topics.partitions))
        return [msgspec.json.decode(record.value or b"", type=kind) for record in records]

    return results_of(
        await read(topics.observations, Observation),
        await read(topics.device_states, DeviceState),
        await read(topics.devices, Device),
        await read(topics.dead_letters, DeadLetter),
        await read(topics.loss_ledger, LossDay),
    )
