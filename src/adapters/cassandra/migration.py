"""Making the keyspace what this version and the settings need: ``stadtfunk migrate``."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from typing import TypeVar

from cassandra import RequestValidationException
from cassandra.cluster import Session
from cassandra.protocol import RequestValidationException as RefusedStatement

from adapters.cassandra.class_layout import DEFAULT_LAYOUTS, ClassLayout
from adapters.cassandra.class_migration import fill, lay_out
from adapters.cassandra.connection import connected, disconnect, patiently
from adapters.cassandra.driver_errors import in_our_words
from adapters.cassandra.migration_turn import TURN_TABLE, MigrationTurn, Turn
from adapters.cassandra.schema import TABLES, check_schema, refuse_newer, stored_version, tables_of
from adapters.cassandra.settings import ClusterSettings, TableSettings
from adapters.cassandra.state_migration import FORMER, move_states
from adapters.cassandra.statements import SCHEMA_VERSION, Cql
from adapters.cassandra.table_options import changes, created
from application.errors import Refused
from domain.observation import DataClass

T = TypeVar("T")

_STATEMENT_TIMEOUT_S = 60.0
"""Creating a table waits for all nodes to agree on it."""


class CassandraMigration:
    """Creates and alters; may be repeated, and does nothing where all is as it should be."""

    def __init__(
        self,
        settings: ClusterSettings,
        *,
        replication: Mapping[str, int],
        tables: Mapping[str, TableSettings] | None = None,
        layouts: Mapping[DataClass, ClassLayout] | None = None,
        wall_clock: Callable[[], float] = time.time,
        turn: Turn | None = None,
    ) -> None:
        """Take what to make and how.

        Args:
            settings: where; the user needs the right to create and alter.
            replication: copies of each row by data centre; changed on an existing keyspace, it needs a repair.
            tables: how ``observations``, ``states`` … are kept; absent ones as ``TableSettings()`` says.
            layouts: how the rows of a data class are spread from now on; absent ones as ``DEFAULT_LAYOUTS`` says.
            wall_clock: seconds since 1970-01-01 UTC.
            turn: how long one that was killed keeps the next one waiting, and how long that waits.
        """
        self._settings = settings
        self._replication = dict(replication)
        self._tables = dict(tables or {})
        self._layouts = {**DEFAULT_LAYOUTS, **(layouts or {})}
        self._wall_clock = wall_clock
        self._turn = turn or Turn()

    async def migrate(self) -> list[str]:
        """Create what is missing and alter what differs, when nobody else does; return what was done, a line each.

        Raises:
            Unavailable: no node answers.
            Fenced: another migration is at work for longer than is waited, or this one stood still for too long.
            Refused: a setting or the user's rights will not do.
            WrongShape: the tables are of a newer version.
        """
        await asyncio.to_thread(self._connected, self._begin)
        async with MigrationTurn(self._settings, self._turn) as turn:
            return await turn.while_had(self._work())

    async def _work(self) -> list[str]:
        done = await asyncio.to_thread(self._connected, self._migrate)
        return [*done, *await fill(self._settings)]

    async def check(self) -> None:
        """Return if all is as this version needs it.

        Raises:
            Unavailable: no node answers.
            Refused: credentials, certificates or data centre are wrong.
            WrongShape: what is wrong, and what mends it.
        """
        await asyncio.to_thread(self._connected, lambda session: check_schema(session, self._settings))

    def _connected(self, work: Callable[[Session], T]) -> T:
        session = connected(self._settings)
        try:
            with in_our_words(self._settings):
                return patiently(lambda: work(session))
        finally:
            disconnect(session)

    def _begin(self, session: Session) -> None:
        """Make the keyspace, in which there is the turn, and as many copies as there should be.

        Those come before the turn, as a quorum of them must answer who takes it: one that no longer can is mended here.
        """
        self._refuse_nonsense(session)
        keyspace = self._settings.keyspace
        self._execute(session, f"CREATE KEYSPACE IF NOT EXISTS {keyspace} {self._copies()}")
        self._execute(session, f"ALTER KEYSPACE {keyspace} {self._copies()}")

    def _migrate(self, session: Session) -> list[str]:
        before = _before(tables_of(session, self._settings))
        for statement in statements():
            self._execute(session, created(statement).replace("{keyspace}", self._settings.keyspace))
        version = stored_version(session, self._settings)
        refuse_newer(version, self._settings)
        done = [f"{table}: created" for table in TABLES if table not in before]
        for change in changes(session, self._settings.keyspace, self._tables):
            self._execute(session, f"ALTER TABLE {self._settings.keyspace}.{change.table} WITH {change.options}")
            if change.table in before:
                done.append(change.told)
        done += lay_out(session, self._settings.keyspace, self._layouts, int(self._wall_clock()))
        if FORMER in before:
            done += move_states(session, self._settings.keyspace)
        if version != SCHEMA_VERSION:
            write = session.prepare(Cql.WRITE_SCHEMA_VERSION.format(keyspace=self._settings.keyspace))
            session.execute(write, ("tables", SCHEMA_VERSION))
            done.append(f"schema version: {version or 'none'} → {SCHEMA_VERSION}")
        return done

    def _refuse_nonsense(self, session: Session) -> None:
        """Say so if a table is not ours, or a data centre has fewer nodes than copies are asked for."""
        for table in self._tables:
            if table not in TABLES:
                message = f"there is no table {table!r}, but {', '.join(TABLES)}"
                raise Refused(message, setting="cassandra.tables")
        nodes = [host.datacenter for host in session.cluster.metadata.all_hosts()]
        for datacenter, copies in self._replication.items():
            if copies > nodes.count(datacenter):
                message = (
                    f"data centre {datacenter!r} has too few nodes, {nodes.count(datacenter)}, for {copies} copies"
                )
                raise Refused(message, setting="cassandra.replication_factor")

    def _copies(self) -> str:
        copies = "".join(f", '{datacenter}': {copies}" for datacenter, copies in self._replication.items())
        return f"WITH replication = {{'class': 'NetworkTopologyStrategy'{copies}}}"

    def _execute(self, session: Session, statement: str) -> None:
        try:
            session.execute(statement, timeout=_STATEMENT_TIMEOUT_S)
        except (RequestValidationException, RefusedStatement) as error:
            message = f"Cassandra at {self._settings.where} refuses {statement!r}: {error}"
            raise Refused(message, setting="cassandra") from error


def _before(tables: set[str]) -> set[str]:
    """Return those of ``tables`` that were there before us: the turn has made its own."""
    return tables if tables != {TURN_TABLE} else set()


def statements() -> Iterator[str]:
    """Yield the statements of all migrations, in order, with a blank for the keyspace."""
    scripts = [file for file in files(__package__).joinpath("migrations").iterdir() if file.name.endswith(".cql")]
    for script in sorted(scripts, key=lambda file: file.name):
        text = re.sub(r"--.*", "", script.read_text(encoding="utf-8"))
        yield from (statement for part in text.split(";") if (statement := " ".join(part.split())))
