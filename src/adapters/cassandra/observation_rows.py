"""The rows that an observation becomes: by device and day, and by each data class that its readings are of."""

from collections.abc import Iterator
from struct import Struct as Layout

from adapters.cassandra.cells import Entries, entries_of, text_map
from adapters.cassandra.class_tables import WRITE, Classes
from adapters.cassandra.days import day_of
from adapters.cassandra.retention import time_to_live
from adapters.cassandra.rows import Row, bigint, integer
from adapters.cassandra.statements import Cql
from domain.observation import DataClass, Observation

_partition = Layout(">qi").pack


def device_row(observation: Observation, entries: Entries, classes: Classes, now_s: int) -> Row | None:
    """Return the row by device and day; None: it is older than it may be kept.

    It goes as a whole, by the shortest time of its classes: what is told along with something personal is kept no
    longer than that.
    """
    kept_s = min((kept for data_class, _ in entries if (kept := classes.kept_s[data_class])), default=0)
    left = time_to_live(observation.event_ns, kept_s, now_s)
    if left is None:
        return None
    event_ns = observation.event_ns
    device, day = observation.dev_eui.encode(), integer(day_of(event_ns))
    cells = text_map([entry for _, entry in entries])
    values = [bigint(observation.written_us), left, cells, device, day, bigint(event_ns)]
    return Row(Cql.WRITE_OBSERVATION, device + day, values)


def day_row(row: Row) -> Row:
    """Return the index entry for the partition of ``row``; the index has one partition for each device."""
    device, day = row.values[3:5]
    return Row(Cql.WRITE_DAY, device, [device, day])


def class_rows(observation: Observation, entries: Entries, classes: Classes, now_s: int) -> Iterator[Row]:
    """Yield a row for each class of the readings that may still be kept."""
    first = entries[0][0]
    if all(data_class is first for data_class, _ in entries):
        yield from _class_row(observation, first, [entry for _, entry in entries], classes, now_s)
        return
    by_class: dict[DataClass, list[bytes]] = {}
    for data_class, entry in entries:
        by_class.setdefault(data_class, []).append(entry)
    for data_class, some in by_class.items():
        yield from _class_row(observation, data_class, some, classes, now_s)


def _class_row(
    observation: Observation, data_class: DataClass, entries: list[bytes], classes: Classes, now_s: int
) -> Iterator[Row]:
    event_ns = observation.event_ns
    left = time_to_live(event_ns, classes.kept_s[data_class], now_s)
    if left is None:
        return
    layout = classes.layouts[data_class].of(event_ns)
    start_s, shard = layout.start_s(event_ns), layout.shard(observation.dev_eui)
    place = _partition(start_s, shard)
    values = [bigint(observation.written_us), left, text_map(entries), place[:8], place[8:], bigint(event_ns)]
    values.append(observation.dev_eui.encode())
    yield Row(WRITE[data_class], data_class.encode() + place, values)


def rows_of(observation: Observation, classes: Classes, now_s: int) -> tuple[Row | None, list[Row]]:
    """Return the row by device and day, and those by class, of an observation with readings."""
    entries = entries_of(observation)
    by_class = list(class_rows(observation, entries, classes, now_s))
    return device_row(observation, entries, classes, now_s), by_class
