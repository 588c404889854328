"""Making the keyspace what this version needs: ``stadtfunk migrate``."""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files

from cassandra import RequestValidationException
from cassandra.cluster import Session
from cassandra.protocol import RequestValidationException as RefusedStatement

from adapters.cassandra.connection import connected, disconnect, patiently
from adapters.cassandra.driver_errors import in_our_words
from adapters.cassandra.schema import TABLES, check_schema, refuse_newer, stored_version
from adapters.cassandra.settings import ClusterSettings, TableSettings
from adapters.cassandra.statements import SCHEMA_VERSION, Cql
from application.errors import Refused

_STATEMENT_TIMEOUT_S = 60.0
"""Creating a table waits for all nodes to agree on it."""
_DAY_S = 86_400
_DAYS_OUTLIVE_S = 2 * _DAY_S
"""The writer renews the entry of a day at least once a day (days.KnownDays), so it outlives its last observation."""


class CassandraMigration:
    """Creates and alters; may be repeated, and does nothing where all is as it should be."""

    def __init__(
        self,
        settings: ClusterSettings,
        *,
        replication: Mapping[str, int],
        tables: Mapping[str, TableSettings] | None = None,
    ) -> None:
        """Take what to make and how.

        Args:
            settings: where; the user needs the right to create and alter.
            replication: copies of each row by data centre; changed on an existing keyspace, it needs a repair.
            tables: how ``observations``, ``device_states`` … are kept; absent ones as ``TableSettings()`` says.
        """
        self._settings = settings
        self._replication = dict(replication)
        self._tables = dict(tables or {})

    async def migrate(self) -> None:
        """Create what is missing and alter what differs.

        Raises:
            Unavailable: no node answers.
            Refused: a setting or the user's rights will not do.
            WrongShape: the tables are of a newer version.
        """
        await asyncio.to_thread(self._connected, self._migrate)

    async def check(self) -> None:
        """Return if all is as this version needs it.

        Raises:
            Unavailable: no node answers.
            Refused: credentials, certificates or data centre are wrong.
            WrongShape: what is wrong, and what mends it.
        """
        await asyncio.to_thread(self._connected, lambda session: check_schema(session, self._settings))

    def _connected(self, work: Callable[[Session], None]) -> None:
        session = connected(self._settings)
        try:
            with in_our_words(self._settings):
                patiently(lambda: work(session))
        finally:
            disconnect(session)

    def _migrate(self, session: Session) -> None:
        self._refuse_nonsense(session)
        self._create_keyspace(session)
        for statement in statements():
            self._execute(session, statement.replace("{keyspace}", self._settings.keyspace))
        refuse_newer(stored_version(session, self._settings), self._settings)
        for table in TABLES:
            self._execute(session, f"ALTER TABLE {self._settings.keyspace}.{table} WITH {self._options(table)}")
        version = session.prepare(Cql.WRITE_SCHEMA_VERSION.format(keyspace=self._settings.keyspace))
        session.execute(version, (SCHEMA_VERSION,))

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

    def _create_keyspace(self, session: Session) -> None:
        copies = "".join(f", '{datacenter}': {copies}" for datacenter, copies in self._replication.items())
        replication = f"WITH replication = {{'class': 'NetworkTopologyStrategy'{copies}}}"
        self._execute(session, f"CREATE KEYSPACE IF NOT EXISTS {self._settings.keyspace} {replication}")
        self._execute(session, f"ALTER KEYSPACE {self._settings.keyspace} {replication}")

    def _options(self, table: str) -> str:
        kept = self._tables.get(table, TableSettings())
        time_to_live_s = kept.time_to_live_s
        observations = self._tables.get("observations", TableSettings())
        if table == "observation_days" and observations.time_to_live_s:
            time_to_live_s = observations.time_to_live_s + _DAYS_OUTLIVE_S
        compaction = ", ".join(f"'{name}': '{value}'" for name, value in kept.compaction.items())
        return f"compaction = {{{compaction}}} AND default_time_to_live = {time_to_live_s}"

    def _execute(self, session: Session, statement: str) -> None:
        try:
            session.execute(statement, timeout=_STATEMENT_TIMEOUT_S)
        except (RequestValidationException, RefusedStatement) as error:
            message = f"Cassandra at {self._settings.where} refuses {statement!r}: {error}"
            raise Refused(message, setting="cassandra") from error


def statements() -> Iterator[str]:
    """Yield the statements of all migrations, in order, with a blank for the keyspace."""
    scripts = [file for file in files(__package__).joinpath("migrations").iterdir() if file.name.endswith(".cql")]
    for script in sorted(scripts, key=lambda file: file.name):
        text = re.sub(r"--.*", "", script.read_text(encoding="utf-8"))
        yield from (statement for part in text.split(";") if (statement := " ".join(part.split())))
