"""What the settings make of Cassandra's tables."""

import pytest

from adapters.cassandra.settings import TableSettings
from domain.observation import DataClass
from stadtfunk.cassandra_tables import cassandra_layouts, cassandra_tables
from stadtfunk.settings import CassandraSettings
from stadtfunk.settings.data_classes import BucketSettings, CompactionSettings, RetentionSettings, ShardSettings

DAY_S = 86_400
WINDOWS = CompactionSettings("time_windows", "time_windows", "time_windows", "time_windows", "time_windows")


def tables_of_readings(settings: CassandraSettings) -> dict[str, TableSettings]:
    """Return how all tables but that of radio metadata are kept."""
    return {name: table for name, table in cassandra_tables(settings).items() if name != "radio_metadata"}


def test_radio_metadata_are_kept_for_thirty_days_or_as_long_as_the_setting_says() -> None:
    kept = [
        cassandra_tables(settings)["radio_metadata"]
        for settings in (CassandraSettings(), CassandraSettings(radio_metadata_days=0))
    ]
    assert [table.time_to_live_s for table in kept] == [30 * DAY_S, 0]
    assert [table.compaction["class"].removesuffix("CompactionStrategy") for table in kept] == ["TimeWindow", "Unified"]


def test_without_settings_all_is_kept_for_ever_and_merged_as_cassandra_recommends() -> None:
    for table in tables_of_readings(CassandraSettings()).values():
        assert table.time_to_live_s == 0
        assert table.compaction == {"class": "UnifiedCompactionStrategy"}


def test_each_class_is_kept_as_long_as_its_setting_says() -> None:
    tables = cassandra_tables(CassandraSettings(retention=RetentionSettings(1_095, 365, 90, 30)))
    kept = {name: table.time_to_live_s // DAY_S for name, table in tables.items() if name.startswith("segments_")}
    assert kept == {
        "segments_meter_personal": 1_095,
        "segments_occupancy": 365,
        "segments_location": 90,
        "segments_infrastructure": 30,
    }


def test_what_lies_by_device_is_kept_as_long_as_the_longest_of_its_classes() -> None:
    tables = cassandra_tables(CassandraSettings(retention=RetentionSettings(1_095, 365, 90, 30)))
    assert tables["observations"].time_to_live_s == 1_095 * DAY_S
    assert tables["superseded"].time_to_live_s == 1_095 * DAY_S


def test_it_is_kept_for_ever_where_one_class_is() -> None:
    tables = cassandra_tables(CassandraSettings(retention=RetentionSettings(1_095, 365, 90, 0)))
    assert tables["observations"].time_to_live_s == 0


@pytest.mark.parametrize("days", [1, 30, 49, 50, 98, 365, 1_095, 7_300])
def test_a_table_has_fewer_than_fifty_windows(days: int) -> None:
    settings = CassandraSettings(retention=RetentionSettings(days, days, days, days), compaction=WINDOWS)
    for name, table in tables_of_readings(settings).items():
        assert table.compaction["class"] == "TimeWindowCompactionStrategy", name
        window = int(table.compaction["compaction_window_size"])
        assert days / window < 50
        assert window == 1 or days / (window - 1) > 49


def test_what_never_ends_needs_no_windows() -> None:
    tables = cassandra_tables(CassandraSettings(retention=RetentionSettings(occupancy=30), compaction=WINDOWS))
    assert tables["segments_occupancy"].compaction["class"] == "TimeWindowCompactionStrategy"
    assert tables["segments_location"].compaction["class"] == "UnifiedCompactionStrategy"
    assert tables["observations"].compaction["class"] == "UnifiedCompactionStrategy"


def test_layouts_are_those_of_the_settings() -> None:
    settings = CassandraSettings(buckets=BucketSettings(occupancy=900), shards=ShardSettings(occupancy=3))
    layouts = cassandra_layouts(settings)
    assert (layouts[DataClass.OCCUPANCY].bucket_s, layouts[DataClass.OCCUPANCY].shards) == (900, 3)
    assert layouts[DataClass.METER_PERSONAL].most_per_s == 100_000 * 4 // 600
