"""The SQLite stores keep their contracts."""

import pytest

from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.dead_letters import SqliteDeadLetters
from adapters.sqlite.device_registry import SqliteDeviceRegistry
from adapters.sqlite.device_states import SqliteDeviceStates
from adapters.sqlite.loss_days import SqliteLossDays
from adapters.sqlite.master_data import SqliteMasterData
from adapters.sqlite.observation_store import SqliteObservationStore
from adapters.sqlite.reading_history import SqliteReadingHistory
from adapters.sqlite.reading_query import SqliteReadingQuery
from tests.contract.dead_letters import DeadLettersContract
from tests.contract.device_registry import DeviceRegistryContract
from tests.contract.device_states import DeviceStatesContract
from tests.contract.loss_days import LossDaysContract
from tests.contract.master_data import MasterDataContract
from tests.contract.observation_store import ObservationStoreContract
from tests.contract.reading_history import ReadingHistoryContract
from tests.contract.reading_query import ReadingQueryContract


class _Observations:
    @pytest.fixture
    def store(self, database: SqliteDatabase) -> SqliteObservationStore:
        return SqliteObservationStore(database)

    @pytest.fixture
    def query(self, database: SqliteDatabase) -> SqliteReadingQuery:
        return SqliteReadingQuery(database)


class TestSqliteObservationStore(_Observations, ObservationStoreContract):
    pass


class TestSqliteReadingQuery(_Observations, ReadingQueryContract):
    pass


class TestSqliteDeviceRegistry(DeviceRegistryContract):
    @pytest.fixture
    def registry(self, database: SqliteDatabase) -> SqliteDeviceRegistry:
        return SqliteDeviceRegistry(database)


class TestSqliteDeviceStates(DeviceStatesContract):
    @pytest.fixture
    def states(self, database: SqliteDatabase) -> SqliteDeviceStates:
        return SqliteDeviceStates(database)


class TestSqliteLossDays(LossDaysContract):
    @pytest.fixture
    def losses(self, database: SqliteDatabase) -> SqliteLossDays:
        return SqliteLossDays(database)


class TestSqliteDeadLetters(DeadLettersContract):
    @pytest.fixture
    def letters(self, database: SqliteDatabase) -> SqliteDeadLetters:
        return SqliteDeadLetters(database)


class TestSqliteMasterData(MasterDataContract):
    @pytest.fixture
    def records(self, database: SqliteDatabase) -> SqliteMasterData:
        return SqliteMasterData(database)


class TestSqliteReadingHistory(ReadingHistoryContract):
    @pytest.fixture
    def history(self, database: SqliteDatabase) -> SqliteReadingHistory:
        return SqliteReadingHistory(database)
