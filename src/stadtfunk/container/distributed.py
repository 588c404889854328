"""The distributed platform: Kafka between the roles, Cassandra behind them."""

from dependency_injector import providers

from adapters.cassandra.class_readings import CassandraClassReadings
from adapters.cassandra.device_registry import CassandraDeviceRegistry
from adapters.cassandra.device_states import CassandraDeviceStates
from adapters.cassandra.loss_days import CassandraLossDays
from adapters.cassandra.master_data import CassandraMasterData
from adapters.cassandra.migration import CassandraMigration
from adapters.cassandra.observation_store import CassandraObservationStore
from adapters.cassandra.reading_history import CassandraReadingHistory
from adapters.cassandra.reading_query import CassandraReadingQuery
from adapters.cassandra.session import CassandraSession
from adapters.grpc.server import GrpcServer
from adapters.kafka.backfill_book import KafkaBackfillBook
from adapters.kafka.changelog_repair import ChangelogRepair
from adapters.kafka.checkpoint import KafkaCheckpoint
from adapters.kafka.dead_letters import KafkaDeadLetters
from adapters.kafka.derived_feed import KafkaDerivedFeed
from adapters.kafka.device_memories import KafkaDeviceMemories
from adapters.kafka.group_progress import KafkaGroupProgress
from adapters.kafka.master_data import KafkaMasterData
from adapters.kafka.partition_assignment import KafkaPartitionAssignment
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from adapters.kafka.topics_migration import KafkaTopicsMigration
from adapters.kafka.uplink_consumer import UplinkConsumer
from adapters.kafka.uplink_log import KafkaUplinkLog
from application.known_at import VersionedReadings
from application.lag import Lag
from application.letter_replay import Decoding, Kept, LetterReplay, Stored
from application.letter_retention import LetterRetention
from application.ports.backfill_book import BackfillBook
from application.ports.class_readings import ClassReadings
from application.ports.dead_letters import DeadLetters
from application.ports.device_memories import DeviceMemories
from application.ports.device_registry import DeviceRegistry
from application.ports.device_states import DeviceStates
from application.ports.loss_days import LossDays
from application.ports.observation_store import ObservationStore
from application.ports.reading_history import ReadingHistory
from application.ports.reading_query import ReadingQuery
from application.ports.uplink_log import UplinkLog
from application.processing.processing import Processing
from application.raw_access import RawAccess
from application.recounting import Recounting
from application.redecode import Redecoding
from application.registry import AnnouncedRegistry, RegistryFollower
from application.sink import Sink
from stadtfunk.adapter_settings import cassandra_cluster, kafka_connection, kafka_topics
from stadtfunk.cassandra_tables import cassandra_layouts, cassandra_tables
from stadtfunk.container.backfill import Stored as BackfillStored
from stadtfunk.container.backfill import Watches, backfills
from stadtfunk.container.core import Core
from stadtfunk.container.services import Stores, more_services
from stadtfunk.settings import CassandraSettings, Settings
from stadtfunk.settings.connector_checks import group_of
from stadtfunk.settings.connectors import SINKS, subject_of


def _replication(cassandra: CassandraSettings) -> dict[str, int]:
    return {cassandra.local_dc: cassandra.replication_factor}


def _groups(settings: Settings, topics: Topics) -> dict[str, tuple[str, ...]]:
    """Return our consumer groups, with what each reads."""
    kafka = settings.kafka
    sinks = [each for each in settings.connectors if isinstance(each, SINKS) and not each.paused]
    return {
        kafka.process_group: (topics.uplinks,),
        kafka.sink_group: (topics.observations, topics.device_states, topics.devices, topics.loss_ledger),
        **{group_of(settings, each): topics.read_for(subject_of(each.kind)) for each in sinks},
    }


class Distributed(Core):
    """The parts of all roles; a role builds those it needs."""

    _kafka = Core.settings.provided.kafka
    _cassandra = Core.settings.provided.cassandra

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
    letter_retention = providers.Singleton(LetterRetention, dead_letters, Core.letters_kept, Core.clock)
    feed = providers.Singleton(
        KafkaDerivedFeed,
        connection,
        topics,
        _kafka.sink_group,
        instance_id=_kafka.instance_id,
        session_timeout_s=_kafka.session_timeout_s,
    )

    memories: providers.Provider[DeviceMemories] = providers.Singleton(KafkaDeviceMemories, connection, topics)
    lag = providers.Singleton(
        Lag,
        providers.Singleton(KafkaGroupProgress, connection, Core.clock),
        providers.Singleton(_groups, Core.settings, topics),
        Core.clock,
    )

    cluster = providers.Singleton(cassandra_cluster, _cassandra)
    cassandra_migration = providers.Factory(
        CassandraMigration,
        cluster,
        replication=providers.Callable(_replication, _cassandra),
        tables=providers.Callable(cassandra_tables, _cassandra),
        layouts=providers.Callable(cassandra_layouts, _cassandra),
    )
    session = providers.Singleton(CassandraSession, cluster)
    observations: providers.Provider[ObservationStore] = providers.Singleton(CassandraObservationStore, session)
    states: providers.Provider[DeviceStates] = providers.Singleton(CassandraDeviceStates, session)
    devices: providers.Provider[DeviceRegistry] = providers.Singleton(CassandraDeviceRegistry, session)
    history: providers.Provider[ReadingHistory] = providers.Singleton(CassandraReadingHistory, session)
    readings: providers.Provider[ReadingQuery] = providers.Singleton(
        VersionedReadings, providers.Singleton(CassandraReadingQuery, session), history
    )
    losses: providers.Provider[LossDays] = providers.Singleton(CassandraLossDays, session)
    sink = providers.Singleton(Sink, feed, observations, states, devices, dead_letters, losses)
    announced_master_data = providers.Singleton(KafkaMasterData, connection, topics, producer)
    registry = providers.Singleton(
        AnnouncedRegistry, providers.Singleton(CassandraMasterData, session), announced_master_data
    )
    follower = providers.Singleton(RegistryFollower, announced_master_data, Core.known_devices)
    by_class: providers.Provider[ClassReadings] = providers.Singleton(CassandraClassReadings, session)
    stores = providers.Singleton(Stores, registry, readings, devices, states, losses, by_class)
    more_services = providers.Singleton(more_services, Core.settings.provided.grpc, stores, observations, Core.clock)
    recounting = providers.Singleton(Recounting, log, Core.reader, Core.step, Core.clock, Core.scripts)
    redecoding = providers.Singleton(
        Redecoding, log, Core.reader, Core.step, readings, observations, history, Core.scripts
    )
    letter_replay = providers.Singleton(
        LetterReplay,
        providers.Singleton(Kept, dead_letters, log, memories),
        providers.Singleton(Decoding, Core.reader, Core.step, Core.scripts),
        providers.Singleton(Stored, readings, observations, history),
        Core.clock,
    )
    backfill_book: providers.Provider[BackfillBook] = providers.Singleton(
        KafkaBackfillBook, connection, topics, producer
    )
    backfill_stored = providers.Singleton(BackfillStored, log, backfill_book, losses, devices, Core.ledger)
    backfills = providers.Singleton(backfills, Core.settings, backfill_stored, Core.clock, ends_refused=True)
    watches = providers.Singleton(Watches, Core.settings, backfill_book, Core.clock)
    raw_access = providers.Singleton(RawAccess, log, granted=Core.settings.provided.rights.raw_messages)
    server = providers.Singleton(
        GrpcServer, Core.settings.provided.grpc, readings, devices, states, records=registry, more=more_services
    )
