"""Where an observation of a data class lies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.cassandra.class_layout import DEFAULT_LAYOUTS, FIRST_DAY, ClassLayout, Layouts, LayoutSince
from domain.identifiers import DevEui
from domain.observation import DataClass
from stadtfunk.cassandra_tables import cassandra_layouts
from stadtfunk.settings import CassandraSettings

S = 1_000_000_000
DAY_S = 86_400
days = st.integers(-40, 40)
layouts = st.builds(ClassLayout, st.sampled_from([60, 600, 3_600, 43_200, 86_400]), st.integers(1, 64))
histories = st.dictionaries(days, layouts, max_size=4).map(
    lambda later: Layouts(
        [
            LayoutSince(FIRST_DAY, ClassLayout(600, 16)),
            *(LayoutSince(day, layout) for day, layout in later.items()),
        ]
    )
)
instants = st.integers(-45 * DAY_S * S, 45 * DAY_S * S)


@given(histories, instants, st.integers(0, 3 * DAY_S * S))
def test_whatever_the_layouts_were_a_span_has_the_buckets_of_all_its_events(
    known: Layouts, since_ns: int, length_ns: int
) -> None:
    until_ns = since_ns + length_ns + 1
    buckets = dict(known.buckets(since_ns, until_ns))
    for event_ns in {since_ns, until_ns - 1, (since_ns + until_ns) // 2}:
        layout = known.of(event_ns)
        assert buckets[layout.start_s(event_ns)] == layout.shards


@given(histories, instants)
def test_buckets_come_oldest_first_and_none_twice(known: Layouts, since_ns: int) -> None:
    starts = [start_s for start_s, _ in known.buckets(since_ns, since_ns + 2 * DAY_S * S)]
    assert starts == sorted(set(starts))


def test_an_empty_span_has_no_buckets() -> None:
    assert list(Layouts([LayoutSince(FIRST_DAY, ClassLayout(600, 16))]).buckets(5, 5)) == []


@given(layouts, instants, st.integers(0, 2**64 - 1))
def test_a_row_lies_in_a_bucket_that_holds_its_instant_and_in_one_of_the_shards(
    layout: ClassLayout, event_ns: int, number: int
) -> None:
    start_s = layout.start_s(event_ns)
    assert start_s * S <= event_ns < (start_s + layout.bucket_s) * S
    assert 0 <= layout.shard(DevEui(f"{number:016x}")) < layout.shards


@pytest.mark.parametrize("bucket_s", [0, -60, 7, 86_401, 172_800])
def test_a_bucket_parts_a_day_evenly(bucket_s: int) -> None:
    with pytest.raises(ValueError, match=f"bucket_s = {bucket_s}: a day"):
        ClassLayout(bucket_s, 1)


@pytest.mark.parametrize("shards", [0, -1, 257])
def test_there_are_one_to_256_shards(shards: int) -> None:
    with pytest.raises(ValueError, match=f"shards = {shards}: 1 to 256"):
        ClassLayout(600, shards)


def test_the_settings_begin_with_the_layouts_of_the_adapter() -> None:
    assert cassandra_layouts(CassandraSettings()) == dict(DEFAULT_LAYOUTS)


def test_the_meters_of_a_large_city_stay_far_below_a_hundred_thousand_observations() -> None:
    layout = DEFAULT_LAYOUTS[DataClass.METER_PERSONAL]
    per_s = 150_000 / 900
    assert per_s * layout.bucket_s / layout.shards < 50_000
    assert layout.most_per_s > 3 * per_s
