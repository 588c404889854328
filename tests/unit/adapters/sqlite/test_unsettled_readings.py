"""Readings that a checkpoint committed keep the contracts of the stores, in their table or not yet in it."""

from collections.abc import AsyncIterator, Sequence

import pytest

from adapters.sqlite.checkpoint import SqliteCheckpoint
from adapters.sqlite.class_readings import SqliteClassReadings
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.reading_query import SqliteReadingQuery
from application.processing.outcome import Outcome
from domain.observation import Observation
from tests.contract.class_readings import ClassReadingsContract
from tests.contract.observation_store import ObservationStoreContract
from tests.contract.reading_query import ReadingQueryContract


class CommittedObservations:
    """Stores observations the way processing does."""

    def __init__(self, checkpoint: SqliteCheckpoint) -> None:
        self._checkpoint = checkpoint
        self._offset = 0

    async def write(self, observations: Sequence[Observation]) -> None:
        """Commit ``observations`` as the outcome of one uplink."""
        self._offset += 1
        self._checkpoint.take(0, Outcome(observations=list(observations)))
        await self._checkpoint.commit(0, self._offset)


class _Committed:
    @pytest.fixture(params=[1, 25, 10**9], ids=["settled", "partly", "unsettled"])
    async def store(
        self, request: pytest.FixtureRequest, database: SqliteDatabase
    ) -> AsyncIterator[CommittedObservations]:
        async with SqliteCheckpoint(database, generation_most=request.param) as checkpoint:
            await checkpoint.restore(0)
            yield CommittedObservations(checkpoint)

    @pytest.fixture
    def query(self, database: SqliteDatabase) -> SqliteReadingQuery:
        return SqliteReadingQuery(database)

    @pytest.fixture
    def by_class(self, database: SqliteDatabase) -> SqliteClassReadings:
        return SqliteClassReadings(database)


class TestCommittedObservations(_Committed, ObservationStoreContract):
    pass


class TestCommittedReadings(_Committed, ReadingQueryContract):
    pass


class TestCommittedReadingsByClass(_Committed, ClassReadingsContract):
    pass
