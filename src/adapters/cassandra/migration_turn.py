"""One migration at a time: a row of ``schema_version`` that ends by itself unless whoever has the turn renews it.

The row is written by lightweight transactions (Cassandra: "CQL, INSERT … IF NOT EXISTS"), so that of two who ask for
the turn at once one gets it. A migration that was killed renews nothing: the next begins when its row has ended. One
that was paused for longer finds its turn gone and ends. What it still did meanwhile harms nothing: all that is copied
keeps its write time, and a table goes only after all of it was copied.
"""

import asyncio
import logging
import secrets
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import NAMESPACE_URL, uuid5

from cassandra import ConsistencyLevel
from cassandra.query import SimpleStatement
from msgspec import Struct

from adapters.cassandra.connection import connected, disconnect, patiently
from adapters.cassandra.driver_errors import in_our_words
from adapters.cassandra.settings import ClusterSettings
from application.errors import ApplicationError, Fenced, Unavailable

T = TypeVar("T")
_log = logging.getLogger(__name__)

_RENEWALS = 4
"""While the row lives: three may be refused, or one wait for all its attempts (20 s), as a node makes tables."""
_LOOK_S = 1.0
"""Between two looks whether the turn is free."""
_TABLE_S = 60.0
"""Creating a table waits for all nodes to agree on it."""
TURN_TABLE = "schema_version"
_COMPONENT = "migrating"
"""Of ``schema_version``: its version is a number by chance, that of whoever has the turn."""
# Two tables of one name that two nodes make at once would be two to the cluster, but for an id that both give.
_TABLE = "CREATE TABLE IF NOT EXISTS {keyspace}.schema_version (component text PRIMARY KEY, version int) WITH ID = {id}"
_TAKE = "INSERT INTO {keyspace}.schema_version (component, version) VALUES (%s, %s) IF NOT EXISTS USING TTL %s"
_RENEW = "UPDATE {keyspace}.schema_version USING TTL %s SET version = %s WHERE component = %s IF version = %s"
_GIVE_BACK = "DELETE FROM {keyspace}.schema_version WHERE component = %s IF version = %s"


class Turn(Struct, frozen=True):
    """How long a turn is."""

    life_s: int = 60
    """Of the row: a killed migration keeps the next one waiting no longer."""
    patience_s: float = 90.0
    """Longer than that: whoever waited so long knows that the row was renewed, so its owner lives."""


class MigrationTurn:
    """Had between ``async with``; entering waits for whoever has it.

    Raises, when it is entered:
        Fenced: another migration is at work, and goes on for longer than is waited.
        Unavailable: no node answers, or too few for a lightweight transaction.
    """

    def __init__(self, settings: ClusterSettings, turn: Turn) -> None:
        self._settings = settings
        self._turn = turn
        self._owner = 1 + secrets.randbelow(2**31 - 1)

    async def __aenter__(self) -> Self:
        self._session = await asyncio.to_thread(connected, self._settings)
        try:
            await asyncio.to_thread(self._make_table)
            await self._wait()
        except BaseException:
            await asyncio.to_thread(disconnect, self._session)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        try:
            await self._applied(_GIVE_BACK, _COMPONENT, self._owner)
        except ApplicationError as failed:
            _log.warning("the turn to migrate ends in %d s: %s", self._turn.life_s, failed)
        finally:
            await asyncio.to_thread(disconnect, self._session)

    async def while_had(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what ``work`` does, breaking it off if the turn is lost.

        Raises:
            Fenced: it was, because this process or the cluster stood still for too long.
        """
        working, renewing = asyncio.ensure_future(work), asyncio.ensure_future(self._renew())
        try:
            await asyncio.wait({working, renewing}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                renewing.result()
        finally:
            for each in (working, renewing):
                each.cancel()
            await asyncio.wait({working, renewing})
        return working.result()

    async def _wait(self) -> None:
        """Take the turn as soon as it is free."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._turn.patience_s
        waits = False
        while not await self._taken():
            if loop.time() >= until:
                raise Fenced(
                    f"another `stadtfunk migrate` is at work in keyspace {self._settings.keyspace}: wait for its end, "
                    "and run it again",
                    keyspace=self._settings.keyspace,
                )
            if not waits:
                _log.warning("another `stadtfunk migrate` is at work: waiting for up to %g s", self._turn.patience_s)
            waits = True
            await asyncio.sleep(_LOOK_S)

    async def _taken(self) -> bool:
        return await self._applied(_TAKE, _COMPONENT, self._owner, self._turn.life_s)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._turn.life_s / _RENEWALS)
            try:
                renewed = await self._applied(_RENEW, self._turn.life_s, self._owner, _COMPONENT, self._owner)
            except Unavailable:
                continue  # the row lives on, or the next time it is gone
            if not renewed:
                raise Fenced(
                    f"this `stadtfunk migrate` stood still for {self._turn.life_s} s and lost its turn: run it again",
                    keyspace=self._settings.keyspace,
                )

    async def _applied(self, statement: str, *values: object) -> bool:
        return await asyncio.to_thread(self._apply, statement.format(keyspace=self._settings.keyspace), values)

    def _apply(self, statement: str, values: tuple[object, ...]) -> bool:
        """Say whether ``statement`` was applied, or the row is ours because an earlier attempt was, unheard."""
        cql = SimpleStatement(statement, serial_consistency_level=ConsistencyLevel.LOCAL_SERIAL)
        with in_our_words(self._settings):
            row = patiently(lambda: self._session.execute(cql, values).one())
        return bool(row[0]) or row[-1] == self._owner

    def _make_table(self) -> None:
        keyspace = self._settings.keyspace
        statement = _TABLE.format(keyspace=keyspace, id=uuid5(NAMESPACE_URL, f"{keyspace}.schema_version"))
        with in_our_words(self._settings):
            patiently(lambda: self._session.execute(statement, timeout=_TABLE_S))
