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
from adapters.kafka.derived_feed import KafkaDerivedFeed
from application.known_at import VersionedReadings
from application.letter_replay import Decoding, Kept, LetterReplay, Stored
from application.ports.class_readings import ClassReadings
from application.ports.device_registry import DeviceRegistry
from application.ports.device_states import DeviceStates
from application.ports.loss_days import LossDays
from application.ports.observation_store import ObservationStore
from application.ports.reading_history import ReadingHistory
from application.ports.reading_query import ReadingQuery
from application.redecode import Redecoding
from application.registry import AnnouncedRegistry
from application.sink import Sink
from stadtfunk.adapter_settings import cassandra_cluster
from stadtfunk.cassandra_tables import cassandra_layouts, cassandra_tables
from stadtfunk.container.backfill import Stored as BackfillStored
from stadtfunk.container.backfill import backfills
from stadtfunk.container.core import Core
from stadtfunk.container.on_kafka import OnKafka
from stadtfunk.container.services import Stores, more_services
from stadtfunk.settings import CassandraSettings


def _replication(cassandra: CassandraSettings) -> dict[str, int]:
    return {cassandra.local_dc: cassandra.replication_factor}


class Distributed(OnKafka):
    """The parts of all roles; a role builds those it needs."""

    _kafka = Core.settings.provided.kafka
    _cassandra = Core.settings.provided.cassandra

    feed = providers.Singleton(
        KafkaDerivedFeed,
        OnKafka.connection,
        OnKafka.topics,
        _kafka.sink_group,
        instance_id=_kafka.instance_id,
        session_timeout_s=_kafka.session_timeout_s,
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
    sink = providers.Singleton(Sink, feed, observations, states, devices, OnKafka.dead_letters, losses)
    registry = providers.Singleton(
        AnnouncedRegistry,
        providers.Singleton(CassandraMasterData, session),
        OnKafka.announced_master_data,
        OnKafka.registry_rivals,
    )
    by_class: providers.Provider[ClassReadings] = providers.Singleton(CassandraClassReadings, session)
    stores = providers.Singleton(Stores, registry, readings, devices, states, losses, by_class)
    more_services = providers.Singleton(more_services, Core.settings.provided.grpc, stores, observations, Core.clock)
    redecoding = providers.Singleton(
        Redecoding, OnKafka.log, Core.reader, Core.step, readings, observations, history, Core.scripts
    )
    letter_replay = providers.Singleton(
        LetterReplay,
        providers.Singleton(Kept, OnKafka.dead_letters, OnKafka.log, OnKafka.memories),
        providers.Singleton(Decoding, Core.reader, Core.step, Core.scripts),
        providers.Singleton(Stored, readings, observations, history),
        Core.clock,
    )
    backfill_stored = providers.Singleton(
        BackfillStored, OnKafka.log, OnKafka.backfill_book, losses, devices, Core.ledger
    )
    backfills = providers.Singleton(backfills, Core.settings, backfill_stored, Core.clock, ends_refused=True)
    server = providers.Singleton(
        GrpcServer, Core.settings.provided.grpc, readings, devices, states, records=registry, more=more_services
    )
