"""The row that an observation becomes by device and day, and the entry of its day; by class: ``segments``."""

from struct import Struct as Layout

from adapters.cassandra.cells import Told
from adapters.cassandra.class_tables import Classes
from adapters.cassandra.days import day_of
from adapters.cassandra.retention import time_to_live
from adapters.cassandra.rows import BIGINT, INT, Row, integer, valued
from adapters.cassandra.statements import Cql
from domain.observation import Observation

_HEAD = Layout(">iqi").pack
"""Write time, and what stands before the time to live."""
_KEY = Layout(">iiiq").pack
"""Day and event time."""
_DAY = slice(4, 8)
"""Of the key."""


def observation_row(observation: Observation, told: Told, classes: Classes, now_s: int) -> Row | None:
    """Return the row by device and day of an observation with readings; None: it is older than it may be kept.

    It goes as a whole, by the shortest time of its classes: what is told along with something personal is kept no
    longer than that.
    """
    kept_s = 0
    for number in told.by_class:
        of_class_s = classes.tables[number].kept_s
        kept_s = min(kept_s or of_class_s, of_class_s or kept_s)
    left = time_to_live(observation.event_ns, kept_s, now_s)
    if left is None:
        return None
    device, cells, event_ns = observation.dev_eui.encode(), told.cells, observation.event_ns
    head = _HEAD(BIGINT, observation.written_us, INT)
    length = integer(len(cells))
    name = integer(len(device))
    key = _KEY(INT, day_of(event_ns), BIGINT, event_ns)
    body = b"".join((head, left, length, cells, name, device, key))  # as ``valued`` would, in a third of the time
    return Row(Cql.WRITE_OBSERVATION, device + key[_DAY], body)


def day_row(row: Row) -> Row:
    """Return the index entry for the partition of ``row``; the index has one partition for each device."""
    device, day = row.values[3:5]
    return Row(Cql.WRITE_DAY, device, valued(device, day))
