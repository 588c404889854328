"""A process of its own that does what ``stadtfunk process`` does, until the log is worked off, or until it dies.

Run: ``python -m tests.integration.kafka.processor SETTINGS`` with the settings as JSON.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence

import msgspec
from msgspec import Struct

from adapters.kafka.checkpoint import KafkaCheckpoint
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.consumer_pace import ConsumerPace
from adapters.kafka.partition_assignment import KafkaPartitionAssignment
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_consumer import UplinkConsumer
from adapters.kafka.uplink_log import KafkaUplinkLog
from adapters.system.clock import SystemClock
from application.ports.uplink_log import RawUplink
from application.processing.processing import Processing
from domain.identifiers import DevEui
from domain.radio import Message, Unreadable
from tests.contract.stream import STEP, Logged, a_stream
from tests.integration.kafka.clients import group_of, topics_named

LENGTH = 600
"""Messages of the stream: the same in every process."""
_PAUSE_S = 0.05


class Settings(Struct):
    """What the process is told."""

    bootstrap: str
    suffix: str
    partitions: int
    instance_id: str = ""
    session_s: float = 10.0
    batch: int = 23
    point: str = ""
    """Crash point at which a signal is sent to itself; empty: none."""
    passing: int = 1
    """The how manieth passing of it."""
    signal_number: int = signal.SIGKILL


class StreamReader:
    """Reads a body as the number of a message of the stream."""

    def __init__(self, stream: Sequence[Logged]) -> None:
        self._stream = stream

    def dev_eui(self, raw: RawUplink) -> DevEui | None:
        message = self.read(raw)
        dev_eui = getattr(message, "dev_eui", "")
        return DevEui(dev_eui) if dev_eui and not isinstance(message, Unreadable) else None

    def read(self, raw: RawUplink) -> Message:
        return self._stream[int(raw.body)][1]


async def process(settings: Settings) -> None:
    """Work until the group has committed the end of the log."""
    connection = KafkaConnection(bootstrap=settings.bootstrap)
    topics = topics_named(settings.suffix, partitions=settings.partitions)
    consumer = UplinkConsumer(
        connection,
        topics,
        group_of(topics),
        instance_id=settings.instance_id,
        session_timeout_s=settings.session_s,
        pace=ConsumerPace(batch=settings.batch),
    )
    reader = StreamReader(a_stream(LENGTH))
    async with BatchProducer(connection, max_batch_bytes=topics.max_message_bytes) as producer, consumer:
        log = KafkaUplinkLog(connection, topics, producer, consumer, reader.dev_eui)
        checkpoint = KafkaCheckpoint(connection, topics, producer, consumer, _dying(settings))
        processing = Processing(log, reader, STEP, checkpoint, SystemClock())
        assignment = KafkaPartitionAssignment(consumer)
        ending = asyncio.create_task(_stop_when_worked_off(assignment, consumer, topics))
        await assignment.run(processing.work)
        ending.cancel()


async def _stop_when_worked_off(assignment: KafkaPartitionAssignment, consumer: UplinkConsumer, topics: Topics) -> None:
    for partition in range(topics.partitions):
        _, end = await consumer.bounds(partition)
        while await consumer.committed(partition) != end:
            await asyncio.sleep(_PAUSE_S)
    await assignment.stop()


def _dying(settings: Settings) -> Callable[[str], None]:
    left = settings.passing

    def at(point: str) -> None:
        nonlocal left
        if point == settings.point:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), settings.signal_number)

    return at


if __name__ == "__main__":
    asyncio.run(process(msgspec.json.decode(sys.argv[1], type=Settings)))
