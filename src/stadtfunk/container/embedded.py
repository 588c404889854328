"""The embedded platform: one folder of SQLite in place of Kafka and Cassandra."""

from pathlib import Path

from dependency_injector import providers

from adapters.grpc.server import GrpcServer
from adapters.memory.partition_assignment import MemoryPartitionAssignment
from adapters.sqlite.backfill_book import SqliteBackfillBook
from adapters.sqlite.checkpoint import SqliteCheckpoint
from adapters.sqlite.class_readings import SqliteClassReadings
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.dead_letters import SqliteDeadLetters
from adapters.sqlite.device_memories import SqliteDeviceMemories
from adapters.sqlite.device_registry import SqliteDeviceRegistry
from adapters.sqlite.device_states import SqliteDeviceStates
from adapters.sqlite.loss_days import SqliteLossDays
from adapters.sqlite.master_data import SqliteMasterData
from adapters.sqlite.observation_store import SqliteObservationStore
from adapters.sqlite.reading_history import SqliteReadingHistory
from adapters.sqlite.reading_query import SqliteReadingQuery
from adapters.sqlite.uplink_log import SqliteUplinkLog
from application.known_at import VersionedReadings
from application.letter_replay import Decoding, Kept, LetterReplay, Stored
from application.letter_retention import LetterRetention
from application.ports.class_readings import ClassReadings
from application.ports.dead_letters import DeadLetters
from application.ports.device_memories import DeviceMemories
from application.ports.device_registry import DeviceRegistry
from application.ports.device_states import DeviceStates
from application.ports.loss_days import LossDays
from application.ports.partition_assignment import PartitionAssignment
from application.ports.reading_history import ReadingHistory
from application.ports.reading_query import ReadingQuery
from application.ports.uplink_log import UplinkLog
from application.processing.processing import Processing
from application.raw_access import RawAccess
from application.recounting import Recounting
from application.redecode import Redecoding
from application.registry import Registry
from stadtfunk.container.backfill import Stored as BackfillStored
from stadtfunk.container.backfill import backfills
from stadtfunk.container.core import Core
from stadtfunk.container.services import Stores, more_services
from stadtfunk.container.watches import Watches
from stadtfunk.settings import DataSettings

_GB = 1_000_000_000


def _keep_bytes(data: DataSettings) -> int:
    return int(data.raw_log_gb * _GB)


class Embedded(Core):
    """The parts of one process over one folder."""

    _data = Core.settings.provided.data

    folder = providers.Singleton(Path, _data.folder)
    database = providers.Singleton(SqliteDatabase, folder)
    log: providers.Provider[UplinkLog] = providers.Singleton(
        SqliteUplinkLog, database, keep_bytes=providers.Callable(_keep_bytes, _data)
    )
    assignment: providers.Provider[PartitionAssignment] = providers.Singleton(MemoryPartitionAssignment, log)
    checkpoint = providers.Singleton(SqliteCheckpoint, database)
    processing = providers.Singleton(Processing, log, Core.reader, Core.step, checkpoint, Core.clock, Core.scripts)
    states: providers.Provider[DeviceStates] = providers.Singleton(SqliteDeviceStates, database)
    losses: providers.Provider[LossDays] = providers.Singleton(SqliteLossDays, database)
    devices: providers.Provider[DeviceRegistry] = providers.Singleton(SqliteDeviceRegistry, database)
    history: providers.Provider[ReadingHistory] = providers.Singleton(SqliteReadingHistory, database)
    readings: providers.Provider[ReadingQuery] = providers.Singleton(
        VersionedReadings, providers.Singleton(SqliteReadingQuery, database), history
    )
    registry = providers.Singleton(Registry, providers.Singleton(SqliteMasterData, database), Core.known_devices)
    observations = providers.Singleton(SqliteObservationStore, database)
    by_class: providers.Provider[ClassReadings] = providers.Singleton(SqliteClassReadings, database)
    stores = providers.Singleton(Stores, registry, readings, devices, states, losses, by_class)
    more_services = providers.Singleton(more_services, Core.settings.provided.grpc, stores, observations, Core.clock)
    recounting = providers.Singleton(Recounting, log, Core.reader, Core.step, Core.clock, Core.scripts)
    redecoding = providers.Singleton(
        Redecoding, log, Core.reader, Core.step, readings, observations, history, Core.scripts
    )
    server = providers.Singleton(
        GrpcServer, Core.settings.provided.grpc, readings, devices, states, records=registry, more=more_services
    )

    letter_retention = providers.Singleton(
        LetterRetention, providers.Singleton(SqliteDeadLetters, database), Core.letters_kept, Core.clock
    )

    own_memories: providers.Provider[DeviceMemories] = providers.Singleton(SqliteDeviceMemories, database)
    letter_replay = providers.Singleton(
        LetterReplay,
        providers.Singleton(
            Kept,
            providers.Singleton(SqliteDeadLetters, database),
            log,
            own_memories,
        ),
        providers.Singleton(Decoding, Core.reader, Core.step, Core.scripts),
        providers.Singleton(Stored, readings, observations, history),
        Core.clock,
    )

    backfill_book = providers.Singleton(SqliteBackfillBook, folder)
    backfill_stored = providers.Singleton(BackfillStored, log, backfill_book, losses, devices, Core.ledger)
    backfills = providers.Singleton(backfills, Core.settings, backfill_stored, Core.clock, ends_refused=False)
    watches = providers.Singleton(Watches, Core.settings, backfill_book, Core.clock)

    reading_only = providers.Singleton(SqliteDatabase, folder, read_only=True)
    """The same folder while another process works in it."""
    dead_letters: providers.Provider[DeadLetters] = providers.Singleton(SqliteDeadLetters, reading_only)
    memories: providers.Provider[DeviceMemories] = providers.Singleton(SqliteDeviceMemories, reading_only)
    raw_access = providers.Singleton(
        RawAccess,
        providers.Singleton(SqliteUplinkLog, reading_only),
        granted=Core.settings.provided.rights.raw_messages,
    )
