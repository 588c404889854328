"""Readings by data class and time in SQLite keep the contract."""

import pytest

from adapters.sqlite.class_readings import SqliteClassReadings
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.observation_store import SqliteObservationStore
from tests.contract.class_readings import ClassReadingsContract


class TestSqliteClassReadings(ClassReadingsContract):
    @pytest.fixture
    def store(self, database: SqliteDatabase) -> SqliteObservationStore:
        return SqliteObservationStore(database)

    @pytest.fixture
    def by_class(self, database: SqliteDatabase) -> SqliteClassReadings:
        return SqliteClassReadings(database)
