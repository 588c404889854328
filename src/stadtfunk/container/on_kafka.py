"""The log of the distributed platform: all that needs Kafka, and no database.

A module of its own, so that a role that only reads and writes the log loads no client of Cassandra and no gRPC.
"""

from dependency_injector import providers

from adapters.kafka.announcements import KafkaAnnouncements
from adapters.kafka.backfill_book import KafkaBackfillBook
from adapters.kafka.changelog_repair import ChangelogRepair
from adapters.kafka.checkpoint import KafkaCheckpoint
from adapters.kafka.dead_letters import KafkaDeadLetters
from adapters.kafka.device_memories import KafkaDeviceMemories
from adapters.kafka.group_progress import KafkaGroupProgress
from adapters.kafka.master_data import KafkaMasterData
from adapters.kafka.partition_assignment import KafkaPartitionAssignment
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from adapters.kafka.topics_migration import KafkaTopicsMigration
from adapters.kafka.uplink_consumer import UplinkConsumer
from adapters.kafka.uplink_log import KafkaUplinkLog
from application.lag import Lag
from application.letter_retention import LetterRetention
from application.ports.backfill_book import BackfillBook
from application.ports.dead_letters import DeadLetters
from application.ports.device_memories import DeviceMemories
from application.ports.uplink_log import UplinkLog
from application.processing.processing import Processing
from application.raw_access import RawAccess
from application.recounting import Recounting
from application.registry import RegistryFollower
from application.registry_rivals import RegistryRivals
from stadtfunk.adapter_settings import kafka_connection, kafka_topics
from stadtfunk.container.core import Core
from stadtfunk.container.watches import Watches
from stadtfunk.settings import Settings
from stadtfunk.settings.connector_checks import group_of
from stadtfunk.settings.connectors import SINKS, subject_of


def _groups(settings: Settings, topics: Topics) -> dict[str, tuple[str, ...]]:
    """Return our consumer groups, with what each reads."""
    kafka = settings.kafka
    sinks = [each for each in settings.connectors if isinstance(each, SINKS) and not each.paused]
    return {
        kafka.process_group: (topics.uplinks,),
        kafka.sink_group: (topics.observations, topics.device_states, topics.devices, topics.loss_ledger),
        **{group_of(settings, each): topics.read_for(subject_of(each.kind)) for each in sinks},
    }


class OnKafka(Core):
    """The parts of the roles before the database: ``ingest``, ``process``, and whoever looks into topics."""

    _kafka = Core.settings.provided.kafka

    connection = providers.Singleton(kafka_connection, _kafka)
    topics = providers.Singleton(kafka_topics, _kafka)
    topics_migration = providers.Factory(KafkaTopicsMigration, connection, topics)
    producer = providers.Singleton(BatchProducer, connection, max_batch_bytes=topics.provided.max_message_bytes)
    consumer = providers.Singleton(
        UplinkConsumer,
        connection,
        topics,
        _kafka.process_group,
        instance_id=_kafka.instance_id,
        session_timeout_s=_kafka.session_timeout_s,
    )
    log: providers.Provider[UplinkLog] = providers.Singleton(
        KafkaUplinkLog, connection, topics, producer, consumer, Core.reader.provided.dev_eui
    )
    assignment = providers.Singleton(KafkaPartitionAssignment, consumer)
    checkpoint = providers.Singleton(KafkaCheckpoint, connection, topics, producer, consumer)
    repair = providers.Singleton(ChangelogRepair, connection, checkpoint.provided.changelog, consumer)
    processing = providers.Singleton(Processing, log, Core.reader, Core.step, checkpoint, Core.clock, Core.scripts)
    dead_letters: providers.Provider[DeadLetters] = providers.Singleton(KafkaDeadLetters, connection, topics, producer)
    letter_retention = providers.Singleton(
        LetterRetention, dead_letters, Core.letters_kept, Core.clock, topics.provided.retention_days
    )
    memories: providers.Provider[DeviceMemories] = providers.Singleton(KafkaDeviceMemories, connection, topics)
    lag = providers.Singleton(
        Lag,
        providers.Singleton(KafkaGroupProgress, connection, Core.clock),
        providers.Singleton(_groups, Core.settings, topics),
        Core.clock,
    )
    announced_master_data = providers.Singleton(KafkaMasterData, connection, topics, producer)
    registry_rivals = providers.Singleton(
        RegistryRivals, providers.Singleton(KafkaAnnouncements, connection, topics, producer, Core.clock)
    )
    follower = providers.Singleton(RegistryFollower, announced_master_data, Core.known_devices)
    recounting = providers.Singleton(Recounting, log, Core.reader, Core.step, Core.clock, Core.scripts)
    backfill_book: providers.Provider[BackfillBook] = providers.Singleton(
        KafkaBackfillBook, connection, topics, producer
    )
    watches = providers.Singleton(Watches, Core.settings, backfill_book, Core.clock)
    raw_access = providers.Singleton(RawAccess, log, granted=Core.settings.provided.rights.raw_messages)


async def check_topics(container: OnKafka) -> None:
    """Return if the topics are as this version needs them.

    Raises:
        WrongShape: what is wrong, and what mends it.
        Unavailable: Kafka does not answer.
    """
    async with container.topics_migration() as migration:
        await migration.check()
