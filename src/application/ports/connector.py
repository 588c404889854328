"""The far ends of connectors: what a source of rows and a store of results must do, so that a connector can run them.

A connector (``application.connectors``) is one of three:

- **uplinks** in: an ``UplinkSource`` (application.ports.uplink_source), into the uplink log;
- **rows** in: a ``RowSource``, into the registry (rows that are a ``Draft``) or to the readings (a ``Given``);
- **results** out: a ``ResultStore`` behind a ``DerivedFeed`` of its own consumer group.

Its counters, its state, its heartbeat, the dead letters for what is refused and the order of store and acknowledgement
are the connector's; an end only reads or writes. Ends that hold connections or files are async context managers; their
constructors do no I/O. Of the world's troubles they raise ``Unavailable`` (after a bounded wait), ``Refused`` (a
setting is wrong: credentials, folder, table) or ``WrongShape`` (a column is missing): each ends the process. What is
wrong with one row is no trouble of the world: the row says so, and its neighbours go on.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from application.ports.derived_feed import Derived
from application.reading_import import Given
from application.record_merge import Draft


class BadRow(Struct, frozen=True):
    """Why a row says nothing."""

    reason: str
    """Stable code: ``row_unreadable``, ``column_invalid`` …"""
    detail: str
    """Names column, value and remedy; nothing secret."""
    field: str = ""
    """Of the record, or the column; empty: the row as a whole."""
    value: str = ""
    """As it stood; empty also where nobody may see it."""


class SourceRow(Struct, frozen=True):
    """One row of somebody's table."""

    origin: str
    """Where it stands, for people: ``meters-2026.csv:17``, ``fleet.devices dev-1``."""
    said: Draft | Given | BadRow
    """Of one source either drafts or readings, and bad rows."""
    body: bytes
    """The row as it stood, for the dead letter if it is refused; without secrets (keys of devices), or empty."""


class Rows(Struct, frozen=True):
    """Rows that were found together; acknowledged together, once they are stored or stand among the dead letters."""

    rows: Sequence[SourceRow]
    """May be empty: the source looked, and there was nothing new. That is a success, and told as one."""
    token: object = None
    """What the source needs to acknowledge them."""
    waiting: int = 0
    """What is known to come after these, in the source's own pieces (files, rows): the connector's lag."""
    changed_us: int = 0
    """When the newest of them was changed at the source (time of a file, write time of a row); 0: not known."""


class RowSource(Protocol):
    """Looks at files or tables again and again. Promises: tests/contract/row_source.py."""

    async def receive(self) -> Rows | None:
        """Return the next rows (at most some 500), or, after the source's pause between two looks, none.

        None: the source has come to its end, or was stopped. What was not acknowledged comes again after a restart.

        Raises:
            Unavailable, Refused, WrongShape: the source cannot be read.
        """

    async def acknowledge(self, rows: Rows, refused: Mapping[int, BadRow]) -> None:
        """Remember that ``rows`` are stored; they need not come again.

        ``refused`` says why, for each row (by its number in ``rows.rows``) that was not: bad ones, and those that the
        registry or the import would not have. A source may tell it to the people who made the table.
        """

    def stop(self) -> None:
        """End: a ``receive`` that waits returns None soon, the next one at once."""


class ResultStore(Protocol):
    """Stores the results that are its own business, and leaves the others. Promises: tests/contract/result_store.py."""

    async def store(self, batch: Derived) -> int:
        """Store what in ``batch`` is of the kind this store is for; return how many of its *records* that were.

        The others are counted as ignored. ``batch.unreadable`` is not its business. Again is harmless: what was stored
        and not yet committed comes again after a restart.

        Raises:
            Unavailable: not all could be stored; give all again.
        """
