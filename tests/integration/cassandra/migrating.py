"""A process of its own that migrates a keyspace slowly, and says when it has copied a page.

Run: ``python -m tests.integration.cassandra.migrating SETTINGS`` with the settings as JSON.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

import msgspec
from cassandra.concurrent import execute_concurrent_with_args

from adapters.cassandra import class_migration, state_migration
from adapters.cassandra.migration import CassandraMigration
from adapters.cassandra.migration_turn import Turn
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings

TURN = Turn(life_s=8, patience_s=60.0)
"""Of these processes, and of those who come after them."""
PAGE = 50
"""Rows copied at once."""
COPIED = "copied"
_PAUSE_S = 0.3
"""After each page: time for whoever reads what we say, and then kills us."""


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def slowly(write: Callable[..., object]) -> Callable[..., object]:
    """Return ``write``, which copies a page, so that it says so."""

    def copied(*arguments: object, **named: object) -> object:
        done = write(*arguments, **named)
        say(COPIED)
        time.sleep(_PAUSE_S)
        return done

    return copied


def slowly_awaited(write: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Return ``write``, which copies a page, so that it says so."""

    async def copied(*arguments: object) -> None:
        await write(*arguments)
        say(COPIED)
        await asyncio.sleep(_PAUSE_S)

    return copied


def main(settings: ClusterSettings) -> None:
    """Migrate, and say what was done."""
    state_migration._AT_ONCE = class_migration._AT_ONCE = PAGE
    setattr(state_migration, "execute_concurrent_with_args", slowly(execute_concurrent_with_args))  # noqa: B010  not exported
    CassandraSession.write = slowly_awaited(CassandraSession.write)  # type: ignore[method-assign, assignment]
    migration = CassandraMigration(settings, replication={settings.local_dc: 1}, turn=TURN)
    for line in asyncio.run(migration.migrate()):
        say(line)


if __name__ == "__main__":
    main(msgspec.json.decode(sys.argv[1], type=ClusterSettings))
