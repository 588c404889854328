"""The journal gives back what was committed, and does not guess at what it cannot read."""

import msgspec
import pytest

from adapters.sqlite.checkpoint import SqliteCheckpoint
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.journal import stored_journal
from adapters.sqlite.observation_row import Row, row_of
from application.errors import WrongShape
from application.processing.outcome import Outcome
from domain.observation import Observation
from tests.support.builders import an_observation

EARLY, LATE = an_observation(event_ns=1), an_observation(event_ns=2)


def journal(database: SqliteDatabase) -> list[list[Row]]:
    """Return what a later process would find."""
    with database.results.reading() as connection:
        return list(stored_journal(connection))


def keep(database: SqliteDatabase, body: bytes) -> None:
    """Put an entry into the journal that this version did not write."""
    with database.results.writing() as connection:
        connection.execute("INSERT INTO journal (body) VALUES (?)", (body,))


def outcome(*observations: Observation) -> Outcome:
    return Outcome(observations=list(observations))


async def test_parts_of_a_batch_are_one_entry_and_stay_in_their_order(database: SqliteDatabase) -> None:
    checkpoint = SqliteCheckpoint(database)
    await checkpoint.restore(0)
    checkpoint.take(0, outcome(LATE))
    checkpoint.take(0, outcome())
    checkpoint.take(0, outcome(EARLY))
    await checkpoint.commit(0, 1)
    assert journal(database) == [[row_of(LATE)], [row_of(EARLY)]]


async def test_what_was_taken_and_never_committed_is_not_there(database: SqliteDatabase) -> None:
    checkpoint = SqliteCheckpoint(database)
    await checkpoint.restore(0)
    checkpoint.take(0, outcome(LATE))
    await checkpoint.restore(0)
    checkpoint.take(0, outcome(EARLY))
    await checkpoint.commit(0, 1)
    assert journal(database) == [[row_of(EARLY)]]


def test_an_entry_without_parts_is_read(database: SqliteDatabase) -> None:
    keep(database, msgspec.msgpack.encode([row_of(EARLY), row_of(LATE)]))
    assert journal(database) == [[row_of(EARLY), row_of(LATE)]]


@pytest.mark.parametrize("damaged", ["28b52ffd00", "28b52ffd", "9100", "c1", ""])
def test_a_damaged_entry_is_not_guessed_at(database: SqliteDatabase, damaged: str) -> None:
    keep(database, bytes.fromhex(damaged))
    with pytest.raises(WrongShape, match=r"the journal is damaged: .*move stadtfunk\.db away"):
        journal(database)
