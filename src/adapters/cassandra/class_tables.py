"""The tables by data class, and what the schema says of them: layouts, and how long rows are kept."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import cast

from msgspec import Struct

from adapters.cassandra.cells import NUMBER
from adapters.cassandra.class_layout import ClassLayout, Layouts, LayoutSince
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.statements import Cql
from application.errors import WrongShape
from domain.observation import DataClass

TABLES: Mapping[DataClass, str] = {each: f"segments_{each.value}" for each in DataClass}
WRITE: Mapping[DataClass, Cql] = {each: Cql[f"WRITE_{TABLES[each].upper()}"] for each in DataClass}
READ: Mapping[DataClass, Cql] = {each: Cql[f"READ_{TABLES[each].upper()}"] for each in DataClass}
COPIED = "segments"
"""The component of ``schema_version`` that says that the segments have what was there before them."""
_RELOAD_S = 600.0
"""A new layout is for events a day ahead and more (migration): all processes know it long before."""


class ClassTable(Struct, frozen=True):
    """One class's table."""

    write: Cql
    layouts: Layouts
    kept_s: int
    """Seconds from the event on; 0: for ever. The table's ``default_time_to_live``, so that migrating changes it."""


class Classes(Struct, frozen=True):
    """What the schema says."""

    tables: Sequence[ClassTable]
    """By the number of the class (cells.NUMBER): a name of an enumeration costs more to look up."""

    def layouts(self, data_class: DataClass) -> Layouts:
        """Return the layouts of a class."""
        return self.tables[NUMBER[data_class]].layouts

    def kept_s(self, data_class: DataClass) -> int:
        """Return how long readings of a class are kept, s from the event on; 0: for ever."""
        return self.tables[NUMBER[data_class]].kept_s


class KnownClasses:
    """Asked of the keyspace now and then."""

    def __init__(self, session: CassandraSession) -> None:
        self._session = session
        self._known: Classes | None = None
        self._since_s = 0.0

    async def current(self, now_s: float) -> Classes:
        """Return what was so at most ten minutes before ``now_s``, which is of a clock that never goes back.

        Raises:
            Unavailable: no answer within the deadline.
            WrongShape: a class has no layout.
        """
        if self._known is None or now_s - self._since_s > _RELOAD_S:
            self._known, self._since_s = await self._read(), now_s
        return self._known

    async def _read(self) -> Classes:
        rows = await self._session.read(Cql.READ_CLASS_LAYOUTS)
        tables = dict(cast("list[tuple[str, int]]", await self._session.read(Cql.READ_TIMES_TO_LIVE)))
        layouts = _layouts(rows)
        return Classes([ClassTable(WRITE[each], layouts[each], tables.get(TABLES[each], 0)) for each in NUMBER])


def _layouts(rows: object) -> dict[DataClass, Layouts]:
    found: defaultdict[str, list[LayoutSince]] = defaultdict(list)
    for data_class, since_day, bucket_s, shards in cast("list[tuple[str, int, int, int]]", rows):
        found[data_class].append(LayoutSince(since_day, ClassLayout(bucket_s, shards)))
    for each in DataClass:
        if each not in found:
            raise WrongShape(f"data class {each.value} has no layout in class_layouts: run `stadtfunk migrate`")
    return {each: Layouts(found[each]) for each in DataClass}
