"""The in-memory stores keep their contracts."""

import pytest

from adapters.memory.dead_letters import MemoryDeadLetters
from adapters.memory.device_registry import MemoryDeviceRegistry
from adapters.memory.device_states import MemoryDeviceStates
from adapters.memory.loss_days import MemoryLossDays
from adapters.memory.master_data import MemoryMasterData
from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.reading_history import MemoryReadingHistory
from adapters.memory.reading_query import MemoryReadingQuery
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
    def store(self) -> MemoryObservationStore:
        return MemoryObservationStore()

    @pytest.fixture
    def query(self, store: MemoryObservationStore) -> MemoryReadingQuery:
        return MemoryReadingQuery(store)


class TestMemoryObservationStore(_Observations, ObservationStoreContract):
    pass


class TestMemoryReadingQuery(_Observations, ReadingQueryContract):
    pass


class TestMemoryDeviceRegistry(DeviceRegistryContract):
    @pytest.fixture
    def registry(self) -> MemoryDeviceRegistry:
        return MemoryDeviceRegistry()


class TestMemoryLossDays(LossDaysContract):
    @pytest.fixture
    def losses(self) -> MemoryLossDays:
        return MemoryLossDays()


class TestMemoryDeviceStates(DeviceStatesContract):
    @pytest.fixture
    def states(self) -> MemoryDeviceStates:
        return MemoryDeviceStates()


class TestMemoryDeadLetters(DeadLettersContract):
    @pytest.fixture
    def letters(self) -> MemoryDeadLetters:
        return MemoryDeadLetters()


class TestMemoryMasterData(MasterDataContract):
    @pytest.fixture
    def records(self) -> MemoryMasterData:
        return MemoryMasterData()


class TestMemoryReadingHistory(ReadingHistoryContract):
    @pytest.fixture
    def history(self) -> MemoryReadingHistory:
        return MemoryReadingHistory()
