"""How tables are kept, beside how they should be: what ``stadtfunk migrate`` has to alter, and what it says of it."""

from collections.abc import Iterator, Mapping
from typing import cast

from cassandra.cluster import Session
from msgspec import Struct

from adapters.cassandra.schema import TABLES
from adapters.cassandra.settings import TableSettings

_DAY_S = 86_400
_DAYS_OUTLIVE_S = 2 * _DAY_S
"""The writer renews the entry of a day at least once a day (days.KnownDays), so it outlives its last observation."""
_KEPT = (
    "SELECT table_name, compaction, default_time_to_live, speculative_retry"
    " FROM system_schema.tables WHERE keyspace_name = %s"
)
_ASKS_ANOTHER_AFTER = "MIN(99p,50ms)"
"""When a coordinator that waits for one replica asks another (Cassandra 4.0 and later). Without, after as long as 99 of
100 reads took: with a replica that stands still that soon is as long as a read may take, and nobody else is asked."""
_IN_COMMON = f"speculative_retry = '{_ASKS_ANOTHER_AFTER}'"
_BY_DEFAULT = {"min_threshold": "4", "max_threshold": "32"}
"""What Cassandra adds to a compaction strategy that was given without."""


_RADIO = "radio_metadata"
_BY_TABLE = {
    # Coverage is looked at over weeks, and the topic keeps it as long: a row for each uplink is the largest table.
    _RADIO: TableSettings(
        {
            "class": "TimeWindowCompactionStrategy",
            "compaction_window_unit": "DAYS",
            "compaction_window_size": "1",
        },
        30 * _DAY_S,
    )
}
"""How tables are kept that are not said otherwise, where that is not how all others are."""


_INDEXED = {"observation_days": "observations", "radio_days": _RADIO}
"""Of a table of days, the one whose days it holds."""


class TableChange(Struct, frozen=True):
    """What to alter of a table."""

    table: str
    options: str
    """CQL behind ``WITH``."""
    told: str
    """What changes, for people."""


def wanted(tables: Mapping[str, TableSettings], table: str) -> TableSettings:
    """Return how ``table`` should be kept; what is not said of it is so by default."""
    kept = tables.get(table, _BY_TABLE.get(table, TableSettings()))
    indexed = _INDEXED.get(table)
    time_to_live_s = wanted(tables, indexed).time_to_live_s if indexed else 0
    return TableSettings(kept.compaction, time_to_live_s + _DAYS_OUTLIVE_S) if time_to_live_s else kept


def changes(session: Session, keyspace: str, tables: Mapping[str, TableSettings]) -> Iterator[TableChange]:
    """Yield what differs from ``tables``; nothing, where all is as it should be."""
    kept = {
        table: (TableSettings(cast("Mapping[str, str]", compaction), time_to_live_s), asks_another_after)
        for table, compaction, time_to_live_s, asks_another_after in session.execute(_KEPT, (keyspace,))
    }
    for table in TABLES:
        (is_so, asks_another_after), should_be = kept[table], wanted(tables, table)
        told: list[str] = []
        if asks_another_after != _ASKS_ANOTHER_AFTER:
            told.append(f"another replica asked after {asks_another_after} → {_ASKS_ANOTHER_AFTER}")
        if _plain(is_so.compaction) != _plain(should_be.compaction):
            told.append(f"compaction {_words(is_so.compaction)} → {_words(should_be.compaction)}")
        if is_so.time_to_live_s != should_be.time_to_live_s:
            told.append(f"kept {_time(is_so.time_to_live_s)} → {_time(should_be.time_to_live_s)}")
        if told:
            yield TableChange(table, _options(should_be), f"{table}: {', '.join(told)}")


def created(statement: str) -> str:
    """Return the ``CREATE TABLE`` that makes a table with what all have in common, so that it need not be altered."""
    return f"{statement} {'AND' if ') WITH ' in statement else 'WITH'} {_IN_COMMON}"


def _options(kept: TableSettings) -> str:
    compaction = ", ".join(f"'{name}': '{value}'" for name, value in kept.compaction.items())
    return f"compaction = {{{compaction}}} AND default_time_to_live = {kept.time_to_live_s} AND {_IN_COMMON}"


def _plain(compaction: Mapping[str, str]) -> dict[str, str]:
    """Return a strategy without what it has by default, and its class without its package."""
    said = {name: value for name, value in compaction.items() if _BY_DEFAULT.get(name) != value}
    return said | {"class": _class(compaction)}


def _class(compaction: Mapping[str, str]) -> str:
    return compaction["class"].rpartition(".")[2]


def _words(compaction: Mapping[str, str]) -> str:
    name = _class(compaction).removesuffix("CompactionStrategy")
    size, unit = compaction.get("compaction_window_size"), compaction.get("compaction_window_unit", "")
    return f"{name} of {size} {unit.lower()}" if size else name


def _time(time_to_live_s: int) -> str:
    if not time_to_live_s:
        return "for ever"
    days, rest = divmod(time_to_live_s, _DAY_S)
    return f"{time_to_live_s} s" if rest else f"{days} days"
