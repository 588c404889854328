"""Waiting for a backfill: what is said and done when nobody seems to fetch."""

import asyncio

import pytest
from msgspec.structs import replace

from adapters.memory.backfill_book import MemoryBackfillBook
from application.errors import Unavailable
from application.ports.backfill_book import Coverage, Window
from stadtfunk.commands.backfill_wait import Patience, fetched

WINDOW = Window("swu", 1, 2, "asked", 10)
OTHER = Window("swu", 3, 4, "reconnect", 10)


async def test_nobody_at_work_is_told_and_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    book = MemoryBackfillBook()
    await book.put([WINDOW])
    waiting = asyncio.create_task(fetched(book, WINDOW, 0.0, Patience("stadtfunk backfill run", told_s=0.0)))
    while not (said := capsys.readouterr().err):
        await asyncio.sleep(0.01)
    assert "see that `stadtfunk backfill run` works; waiting on" in said
    done = replace(WINDOW, fetched_us=11, messages=3, written_us=11)
    await book.put([done])
    assert await waiting == done


async def test_what_a_bridge_notes_is_no_sign_of_a_backfill_at_work() -> None:
    book = MemoryBackfillBook()
    await book.put([WINDOW, Coverage("swu", "bridge-a", 20, 20), replace(OTHER, source="else", written_us=30)])
    with pytest.raises(Unavailable, match="stays asked for"):
        await fetched(book, WINDOW, 0.0, Patience("stadtfunk run", ends_s=0.0))


async def test_patience_begins_when_the_store_can_have_the_window() -> None:
    book = MemoryBackfillBook()
    await book.put([WINDOW])
    waiting = asyncio.create_task(fetched(book, WINDOW, 3_600.0, Patience("stadtfunk run", ends_s=0.0)))
    await asyncio.sleep(0)
    done = replace(WINDOW, fetched_us=11, written_us=11)
    await book.put([done])
    assert await waiting == done
