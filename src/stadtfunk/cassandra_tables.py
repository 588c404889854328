"""How the settings want the tables of Cassandra kept and spread."""

from collections.abc import Mapping

from adapters.cassandra.class_layout import ClassLayout
from adapters.cassandra.settings import TableSettings
from domain.observation import DataClass
from stadtfunk.settings import CassandraSettings
from stadtfunk.settings.data_classes import Compaction

_DAY_S = 86_400
_MOST_WINDOWS = 49
"""Of a table: below 50, above which looking through their files costs more than they save (docs of TWCS)."""
_CLASSES = {"unified": "UnifiedCompactionStrategy", "size_tiered": "SizeTieredCompactionStrategy"}


def cassandra_tables(cassandra: CassandraSettings) -> dict[str, TableSettings]:
    """Return how tables are kept; those that are not named are as they are by default."""
    retention, compaction = cassandra.retention, cassandra.compaction
    days: dict[str, int] = {each.value: getattr(retention, each.value) for each in DataClass}
    longest = max(days.values()) if all(days.values()) else 0
    tables = {f"segments_{name}": _table(getattr(compaction, name), kept) for name, kept in days.items()}
    return tables | {
        "observations": _table(compaction.by_device, longest),
        "superseded": _table(compaction.by_device, longest),
        "radio_metadata": _table("time_windows", cassandra.radio_metadata_days),
    }


def cassandra_layouts(cassandra: CassandraSettings) -> dict[DataClass, ClassLayout]:
    """Return how the rows of each class are spread."""
    return {
        each: ClassLayout(getattr(cassandra.buckets, each.value), getattr(cassandra.shards, each.value))
        for each in DataClass
    }


def _table(compaction: Compaction, days: int) -> TableSettings:
    return TableSettings(_strategy(compaction, days), days * _DAY_S)


def _strategy(compaction: Compaction, days: int) -> Mapping[str, str]:
    """Return the strategy in Cassandra's words; windows of as few days as there may be windows."""
    if compaction == "time_windows" and days:
        return {
            "class": "TimeWindowCompactionStrategy",
            "compaction_window_unit": "DAYS",
            "compaction_window_size": str(-(-days // _MOST_WINDOWS)),
        }
    return {"class": _CLASSES.get(compaction, _CLASSES["unified"])}
