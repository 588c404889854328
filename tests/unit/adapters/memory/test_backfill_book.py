"""The book of backfill in memory keeps its contract."""

import pytest

from adapters.memory.backfill_book import MemoryBackfillBook
from tests.contract.backfill_book import BackfillBookContract


class TestMemoryBackfillBook(BackfillBookContract):
    @pytest.fixture
    def book(self) -> MemoryBackfillBook:
        return MemoryBackfillBook()
