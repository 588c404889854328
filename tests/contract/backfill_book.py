"""What every book of backfill promises."""

from uuid import uuid4

from msgspec.structs import replace

from application.ports.backfill_book import BackfillBook, Coverage, Entry, GapMark, Window

US = 1_767_268_800_000_000


def a_source() -> str:
    """Return a source that nobody else writes of."""
    return f"swu-{uuid4().hex[:8]}"


def a_window(source: str, since_us: int = US, written_us: int = US) -> Window:
    """Return a window of a minute."""
    return Window(source, since_us, since_us + 60_000_000, "reconnect", written_us)


async def of(book: BackfillBook, source: str) -> list[Entry]:
    """Return what the book says of ``source``."""
    return [entry for entry in await book.entries() if entry.source == source]


class BackfillBookContract:
    """Subclass with a fixture ``book``; it need not be empty."""

    async def test_every_entry_comes_back_whole(self, book: BackfillBook) -> None:
        source = a_source()
        window = Window(source, US, US + 1, "asked", US, "003e94c6ad72f129", US, US, 7, 2, US, "störung", US)
        entries: list[Entry] = [Coverage(source, "ingest-0", US, US), GapMark(source, US, US, "away"), window]
        await book.put(entries)
        assert await of(book, source) == entries

    async def test_of_two_entries_the_later_written_stays_in_whichever_order_they_come(
        self, book: BackfillBook
    ) -> None:
        source = a_source()
        earlier, later = a_window(source, written_us=US), replace(a_window(source, written_us=US + 1), messages=3)
        for pair in ([earlier, later], [later, earlier]):
            for entry in pair:
                await book.put([entry])
            assert await of(book, source) == [later]

    async def test_windows_of_different_times_and_devices_stand_side_by_side(self, book: BackfillBook) -> None:
        source = a_source()
        windows = [a_window(source), replace(a_window(source), dev_eui="003e94c6ad72f129"), a_window(source, US + 1)]
        await book.put(windows)
        assert await of(book, source) == windows

    async def test_what_is_forgotten_is_gone(self, book: BackfillBook) -> None:
        source = a_source()
        windows = [a_window(source, US + number) for number in range(3)]
        await book.put(windows)
        await book.forget(windows[:2])
        assert await of(book, source) == windows[2:]

    async def test_nothing_is_stored_and_forgotten(self, book: BackfillBook) -> None:
        await book.put([])
        await book.forget([])
        await book.forget([a_window(a_source())])
