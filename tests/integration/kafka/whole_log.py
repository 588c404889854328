"""The stream as the log of a test, and what must have come of it, however many processes had a part in it."""

from adapters.kafka.checkpoint import KafkaCheckpoint
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_log import KafkaUplinkLog
from adapters.kafka.uplink_record import logged
from application.processing.batch import read_batch
from application.processing.outcome import Outcome
from domain.device import DeviceMemory
from tests.contract.stream import STEP, Results, a_stream, results_of
from tests.integration.kafka.clients import owning, records_of, stored_results, uplink_consumer
from tests.integration.kafka.processor import LENGTH, StreamReader

READER = StreamReader(a_stream(LENGTH))


async def fill_log(connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> None:
    """Put the whole stream into the log."""
    log = KafkaUplinkLog(connection, topics, producer, uplink_consumer(connection, topics), READER.dev_eui)
    await log.append([raw for raw, _ in a_stream(LENGTH)])


async def expected(connection: KafkaConnection, topics: Topics) -> tuple[Results, list[dict[str, DeviceMemory]]]:
    """Return results, and memory by partition, freshly computed from the log."""
    outcomes: list[Outcome] = []
    for partition in range(topics.partitions):
        records = await records_of(connection, topics.uplinks, [partition])
        outcomes.append(STEP.process(read_batch(logged(partition, records), READER), {}))
    results = results_of(
        [each for outcome in outcomes for each in outcome.observations],
        [each for outcome in outcomes for each in outcome.states],
        [each for outcome in outcomes for each in outcome.devices],
        [each for outcome in outcomes for each in outcome.dead_letters],
        [each for outcome in outcomes for each in outcome.losses],
    )
    return results, [outcome.memory for outcome in outcomes]


async def assert_as_if_nothing_had_happened(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    """Compare what stores must hold, and what a new process would restore, with one computation of the whole log."""
    results, memories = await expected(connection, topics)
    assert await stored_results(connection, topics) == results
    async with uplink_consumer(connection, topics) as consumer, owning(consumer, range(topics.partitions)):
        checkpoint = KafkaCheckpoint(connection, topics, producer, consumer)
        restored = [(await checkpoint.restore(partition)).memory for partition in range(topics.partitions)]
    assert restored == memories
