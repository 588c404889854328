"""Readings by class in segments: however they are cut, ordered and repeated, what is read is the same."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from random import Random
from zlib import crc32

import pytest
from cramjam import zstd
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.cassandra.cells import NUMBER, stored_readings, told
from adapters.cassandra.class_layout import FIRST_DAY, ClassLayout, Layouts, LayoutSince
from adapters.cassandra.class_tables import WRITE, Classes, ClassTable
from adapters.cassandra.rows import Row
from adapters.cassandra.segment_merge import Observed, Pages, merged
from adapters.cassandra.segments import Segments, unpacked
from application.errors import WrongShape
from domain.identifiers import DevEui
from domain.observation import DataClass, Observation, Reading
from tests.support.builders import NOON_NS, a_reading, an_observation

S = 1_000_000_000
NOON_S = NOON_NS // S
PERSONAL = DataClass.METER_PERSONAL
LAYOUT = Layouts([LayoutSince(FIRST_DAY, ClassLayout(600, 2))])
ENERGY, BATTERY = "electricity.energy.active.import", "device.battery.level"


def classes(kept_s: int = 0) -> Classes:
    """Return all classes in two shards, kept for so long."""
    return Classes([ClassTable(WRITE[each], LAYOUT, kept_s) for each in NUMBER])


def segments(observations: Iterable[Observation], kept_s: int = 0, now_s: int = NOON_S) -> list[Row]:
    """Return the segments of one call of the store."""
    open_ = Segments(classes(kept_s), now_s)
    rows = [row for each in observations for row in open_.add(each, told(each))]
    return [*rows, *open_.rest()]


def read(rows: Iterable[Row], *, page: int = 2, until_ns: int = 1 << 62) -> list[Observed]:
    """Return what a bucket's segments of households say, read page by page; a row with a key overwrites another."""
    shards: dict[bytes, dict[tuple[int, bytes], bytes]] = {}
    for row in rows:
        _, _, body, _, shard, first, name = row.values
        if row.statement is WRITE[PERSONAL]:
            shards.setdefault(shard, {})[int.from_bytes(first), name] = body
    pages = [_pages([(key[0], rows[key]) for key in sorted(rows)], page) for rows in shards.values()]
    return asyncio.run(_all(pages, until_ns))


async def _pages(rows: Sequence[tuple[int, bytes]], page: int) -> AsyncGenerator[Sequence[tuple[object, ...]], None]:
    for first in range(0, len(rows), page):
        yield rows[first : first + page]


async def _all(pages: Sequence[Pages], until_ns: int) -> list[Observed]:
    return [each async for some in merged(pages, NOON_NS, until_ns) for each in some]


readings = st.builds(
    Reading,
    st.sampled_from([ENERGY, BATTERY, "tomorrow.thing"]),
    st.sampled_from(["", "1.8.0"]),
    st.integers(0, 12) | st.sampled_from([0.5, "ü\"'", True]),
    quality=st.sampled_from(["measured", "withdrawn"]),
)
observations = st.builds(
    lambda told_, device, second, written, f_cnt: an_observation(
        *told_,
        dev_eui=DevEui(f"{device:016x}"),
        event_ns=NOON_NS + second * S,
        written_us=NOON_NS // 1_000 + written,
        f_cnt=f_cnt,
    ),
    st.lists(readings, min_size=1, max_size=4),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 2),
    st.integers(8, 11),
)


def by_device(given: Iterable[Observation]) -> list[Observed]:
    """Return what Cassandra keeps of households' cells: the later write time, of equal ones the greater bytes."""
    kept: dict[tuple[int, str], dict[str, tuple[int, bytes]]] = {}
    for each in given:
        for reading in each.readings:
            if reading.measurand == BATTERY:
                continue
            cells = kept.setdefault((each.event_ns, each.dev_eui), {})
            name, cell = f"{reading.measurand}/{reading.channel}", (each.written_us, _cell(each, reading))
            cells[name] = max(cells.get(name, cell), cell)
    return [(*place, {name: cell for name, (_, cell) in kept[place].items()}) for place in sorted(kept)]


def _cell(observation: Observation, reading: Reading) -> bytes:
    """Return the cell of a reading by device: what stands behind its name in the map."""
    entry = told(replace(observation, readings=(reading,))).cells[4:]
    at = 4 + int.from_bytes(entry[:4])
    return entry[at + 4 :]


@given(st.lists(observations, max_size=30), st.randoms(use_true_random=False), st.integers(1, 3))
def test_however_observations_are_cut_ordered_and_repeated_what_is_read_is_what_lies_by_device(
    written: list[Observation], random: Random, page: int
) -> None:
    rows: list[Row] = []
    for _ in range(random.randint(1, 3)):
        again = random.sample(written, len(written))
        while again:
            cut = random.randint(1, len(again))
            rows += segments(again[:cut])
            again = again[cut:]
    random.shuffle(rows)
    assert read(rows, page=page) == by_device(written)


@given(st.lists(observations, min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_the_same_observations_in_another_order_are_the_same_rows(written: list[Observation], random: Random) -> None:
    again = segments(random.sample(written, len(written)))
    assert sorted(map(repr, again)) == sorted(map(repr, segments(written)))


def test_what_comes_together_of_one_bucket_and_shard_is_one_row() -> None:
    at_noon = [an_observation(a_reading(ENERGY, "", value), event_ns=NOON_NS + value) for value in range(250)]
    [row] = segments(at_noon)
    shard = crc32(at_noon[0].dev_eui.encode()) % 2
    assert [int.from_bytes(each) for each in row.values[3:6]] == [NOON_S, shard, NOON_NS]
    assert len(unpacked(row.values[2])) == 250
    assert len(row.values[2]) < 10 * 250


def test_a_segment_holds_no_more_than_a_reader_should_unpack_at_once() -> None:
    many = [an_observation(a_reading(ENERGY, "", 1), event_ns=NOON_NS + step) for step in range(501)]
    assert [len(unpacked(row.values[2])) for row in segments(many)] == [250, 250, 1]


def test_a_late_reading_goes_to_the_bucket_of_its_event() -> None:
    late = an_observation(a_reading(ENERGY, "", 1), event_ns=NOON_NS - 1)
    starts = [int.from_bytes(row.values[3]) for row in segments([late, an_observation(a_reading(ENERGY, "", 2))])]
    assert starts == [NOON_S - 600, NOON_S]


def test_each_class_has_its_own_readings_and_each_reading_its_origin() -> None:
    both = an_observation(a_reading(ENERGY, "1.8.0", 5, -4), a_reading(BATTERY, "", 90.0), f_cnt=70_000)
    rows = {row.statement: row for row in segments([both])}
    assert set(rows) == {WRITE[PERSONAL], WRITE[DataClass.INFRASTRUCTURE]}
    [(event_ns, device, cells)] = read(rows.values())
    [stored] = stored_readings(DevEui(device), event_ns, cells)
    assert stored.reading == both.readings[0]
    assert (stored.dev_eui, stored.written_us, stored.f_cnt) == (both.dev_eui, both.written_us, 70_000)


def test_a_segment_is_kept_from_the_end_of_its_bucket_on() -> None:
    [row] = segments([an_observation(a_reading(ENERGY, "", 1))], kept_s=1_000)
    assert int.from_bytes(row.values[1]) == 1_600


def test_what_is_over_is_not_written_though_its_bucket_is_not() -> None:
    earlier, later = (an_observation(a_reading(ENERGY, "", 1), event_ns=NOON_NS + s * S) for s in (0, 60))
    [row] = segments([earlier, later], kept_s=1_000, now_s=NOON_S + 1_030)
    assert [part.event_ns for part in unpacked(row.values[2])] == [later.event_ns]
    assert int.from_bytes(row.values[1]) == 600 + 1_000 - 1_030


def test_what_later_versions_add_to_an_observation_is_passed_over() -> None:
    body = bytes(zstd.compress(b'[["0000000000000001",5,[1,"network"],[],"more"]]'))
    assert [part.device for part in unpacked(body)] == ["0000000000000001"]


@pytest.mark.parametrize("body", [b"", b"[]", zstd.compress(b"[1]"), zstd.compress(b"{")])
def test_a_segment_that_cannot_be_read_is_no_outage(body: bytes) -> None:
    with pytest.raises(WrongShape, match="a segment of readings by class cannot be read"):
        unpacked(bytes(body))


async def test_a_segment_that_cannot_be_read_is_told_though_another_shard_is_still_read() -> None:
    async def broken() -> AsyncGenerator[Sequence[tuple[object, ...]], None]:
        await asyncio.sleep(0)
        yield [(NOON_NS, b"")]

    async def silent() -> AsyncGenerator[Sequence[tuple[object, ...]], None]:
        await asyncio.Event().wait()
        yield []

    with pytest.raises(WrongShape, match="a segment of readings by class cannot be read"):
        await _all([silent(), broken()], 1 << 62)


async def test_nothing_is_answered_before_each_shard_has_said_where_it_begins_not_even_before_1970() -> None:
    async def later() -> AsyncGenerator[Sequence[tuple[object, ...]], None]:
        yield [(-10, _said(b"a", -10)), (-5, _said(b"a", -5))]

    async def earlier_behind_an_empty_page() -> AsyncGenerator[Sequence[tuple[object, ...]], None]:
        yield []
        yield [(-20, _said(b"b", -20))]

    pages: list[Pages] = [later(), earlier_behind_an_empty_page()]
    found = [each[:2] async for some in merged(pages, -100, 100) for each in some]
    assert found == [(-20, "b"), (-10, "a"), (-5, "a")]


def _said(device: bytes, event_ns: int) -> bytes:
    """Return a segment of one observation."""
    return bytes(zstd.compress(b'[["%s",%d,[1,"network"],[["x/",[1,0,"measured"]]]]]' % (device, event_ns)))
