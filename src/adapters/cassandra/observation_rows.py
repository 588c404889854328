"""The rows that an observation becomes: by device and day, and by each data class that its readings are of."""

from struct import Struct as Layout

from adapters.cassandra.cells import entries_of, text_map
from adapters.cassandra.class_tables import Classes, ClassTable
from adapters.cassandra.days import day_of
from adapters.cassandra.retention import time_to_live
from adapters.cassandra.rows import Row, bigint, integer
from adapters.cassandra.statements import Cql
from domain.observation import Observation

_place = Layout(">qi").pack


def rows_of(observation: Observation, classes: Classes, now_s: int) -> tuple[Row | None, list[Row]]:
    """Return the row by device and day, and those by class, of an observation with readings.

    That by device (None: it is older than it may be kept) goes as a whole, by the shortest time of its classes: what is
    told along with something personal is kept no longer than that.
    """
    written, event, device = bigint(observation.written_us), bigint(observation.event_ns), observation.dev_eui.encode()
    by_class: list[Row] = []
    entries: list[bytes] = []
    kept_s = 0
    for number, some in entries_of(observation).items():
        table = classes.tables[number]
        left = time_to_live(observation.event_ns, table.kept_s, now_s)
        if left is not None:
            start, shard = _bucket(observation, table)
            values = (written, left, text_map(some), start, shard, event, device)
            by_class.append(Row(table.write, b"%d" % number + start + shard, values))
        kept_s = min(kept_s or table.kept_s, table.kept_s or kept_s)
        entries += some
    left = time_to_live(observation.event_ns, kept_s, now_s)
    if left is None:
        return None, by_class
    day = integer(day_of(observation.event_ns))
    return Row(Cql.WRITE_OBSERVATION, device + day, (written, left, text_map(entries), device, day, event)), by_class


def day_row(row: Row) -> Row:
    """Return the index entry for the partition of ``row``; the index has one partition for each device."""
    device, day = row.values[3:5]
    return Row(Cql.WRITE_DAY, device, (device, day))


def _bucket(observation: Observation, table: ClassTable) -> tuple[bytes, bytes]:
    """Return the start of the bucket and the shard."""
    layout = table.layouts.of(observation.event_ns)
    place = _place(layout.start_s(observation.event_ns), layout.shard(observation.dev_eui))
    return place[:8], place[8:]
