"""Readings by data class and time in memory keep the contract."""

import pytest

from adapters.memory.class_readings import MemoryClassReadings
from adapters.memory.observation_store import MemoryObservationStore
from tests.contract.class_readings import ClassReadingsContract


class TestMemoryClassReadings(ClassReadingsContract):
    @pytest.fixture
    def store(self) -> MemoryObservationStore:
        return MemoryObservationStore()

    @pytest.fixture
    def by_class(self, store: MemoryObservationStore) -> MemoryClassReadings:
        return MemoryClassReadings(store)
