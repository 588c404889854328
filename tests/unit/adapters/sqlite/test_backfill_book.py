"""The book of backfill in SQLite keeps its contract, also while two processes write it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.sqlite.backfill_book import SqliteBackfillBook
from application.errors import Refused
from tests.contract.backfill_book import BackfillBookContract, a_window


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[SqliteBackfillBook]:
    """A book in an empty folder."""
    async with SqliteBackfillBook(tmp_path) as book:
        yield book


class TestSqliteBackfillBook(BackfillBookContract):
    pass


async def test_what_is_remembered_outlives_the_process(tmp_path: Path) -> None:
    async with SqliteBackfillBook(tmp_path) as book:
        await book.put([a_window("swu")])
    async with SqliteBackfillBook(tmp_path) as book:
        assert await book.entries() == [a_window("swu")]


async def test_a_command_writes_while_the_platform_has_it_open(book: SqliteBackfillBook, tmp_path: Path) -> None:
    async with SqliteBackfillBook(tmp_path) as of_the_command:
        await of_the_command.put([a_window("swu")])
        await book.put([a_window("ttn")])
        assert await of_the_command.entries() == await book.entries() == [a_window("swu"), a_window("ttn")]


async def test_a_folder_without_a_book_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=str(tmp_path)):
        async with SqliteBackfillBook(tmp_path, read_only=True):
            pass
