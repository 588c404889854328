"""The in-memory feed keeps the contract."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.memory.derived_feed import MemoryDerivedFeed, MemoryDerivedRecords
from application.ports.derived_feed import Derived
from application.processing.outcome import Outcome
from tests.contract.derived_feed import DerivedFeedContract, OpenFeed, Publish


class TestMemoryDerivedFeed(DerivedFeedContract):
    @pytest.fixture
    def records(self) -> MemoryDerivedRecords:
        return MemoryDerivedRecords()

    @pytest.fixture
    def open_feed(self, records: MemoryDerivedRecords) -> OpenFeed:
        @asynccontextmanager
        async def opened() -> AsyncIterator[MemoryDerivedFeed]:
            yield MemoryDerivedFeed(records)

        return opened

    @pytest.fixture
    def publish(self, records: MemoryDerivedRecords) -> Publish:
        async def published(outcome: Outcome) -> None:
            await records.publish(Derived(outcome.observations, outcome.states, outcome.devices, losses=outcome.losses))

        return published
