"""Readings as they were known: page after page the same as all at once, whatever was replaced since."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.reading_history import MemoryReadingHistory
from adapters.memory.reading_query import MemoryReadingQuery
from application.known_at import VersionedReadings, place_of
from application.ports.reading_query import ReadingFilter, StoredReading
from domain.observation import Observation, Reading
from tests.support.builders import DEV

NOW_US = 1_000
Versions = Sequence[tuple[int, str, list[int]]]
"""Event time, channel and write times of all versions of a reading; the value is the write time."""

_versions = st.lists(
    st.tuples(
        st.integers(0, 20), st.sampled_from(("", "t1", "t2")), st.lists(st.integers(1, 30), min_size=1, unique=True)
    ),
    max_size=40,
    unique_by=lambda each: each[:2],
)


async def readings_of(versions: Versions) -> VersionedReadings:
    """Return stores that hold the last of each of ``versions``, and keep those before."""
    store, history = MemoryObservationStore(), MemoryReadingHistory()
    for event_ns, channel, times in versions:
        ordered = sorted(times)
        last = ordered[-1]
        for written_us, until_us in pairwise(ordered):
            await history.keep([stored(event_ns, channel, written_us)], until_us)
        await store.write([Observation(DEV, event_ns, last, (Reading("device.uptime", channel, last),))])
    return VersionedReadings(MemoryReadingQuery(store), history)


def stored(event_ns: int, channel: str, written_us: int) -> StoredReading:
    """Return a version."""
    reading = Reading("device.uptime", channel, written_us)
    return StoredReading(DEV, event_ns, reading, written_us, "device", 0, "", "", "", 0)


def known(versions: Versions, at_us: int) -> list[tuple[int, str, int]]:
    """Return what was known by definition: of each reading the last version by then, oldest event first."""
    return sorted(
        (event_ns, channel, max(by_then))
        for event_ns, channel, times in versions
        if (by_then := [each for each in times if each <= at_us])
    )


def said(readings: Sequence[StoredReading]) -> list[tuple[int, str, object]]:
    """Return readings as ``known`` does."""
    return [(each.event_ns, each.reading.channel, each.reading.value) for each in readings]


@given(_versions, st.integers(0, 31), st.integers(1, 7))
async def test_pages_and_streams_answer_what_was_known(versions: Versions, at_us: int, size: int) -> None:
    readings = await readings_of(versions)
    asked = ReadingFilter(0, 100, known_at_us=at_us)
    expected = known(versions, at_us)
    streamed = [each async for chunk in readings.stream([DEV], asked) for each in chunk]
    assert said(streamed) == expected
    paged: list[StoredReading] = []
    while page := await readings.page(DEV, asked, size=size, after=place_of(paged[-1]) if paged else None):
        paged += page
    assert said(sorted(paged, key=place_of)) == expected
    assert [each.event_ns for each in paged] == sorted((each.event_ns for each in paged), reverse=True)


async def test_a_page_of_long_ago_does_not_read_all_there_is() -> None:
    store = MemoryObservationStore()
    await store.write([Observation(DEV, number, 1, (Reading("device.uptime", "", 1),)) for number in range(5_000)])
    query = CountingQuery(store)
    readings = VersionedReadings(query, MemoryReadingHistory())
    assert len(await readings.page(DEV, ReadingFilter(0, 10_000, known_at_us=5), size=10)) == 10
    assert query.read <= 100


class CountingQuery(MemoryReadingQuery):
    """Says how many readings it gave."""

    read = 0

    async def page(
        self, device: str, asked: ReadingFilter, *, size: int, after: tuple[int, str, str] | None = None
    ) -> Sequence[StoredReading]:
        found = await super().page(DEV, asked, size=size, after=after)
        self.read += len(found)
        return found
