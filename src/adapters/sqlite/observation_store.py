"""The store of observations in SQLite, written side: for writers other than the checkpoint."""

from collections.abc import Sequence

from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.observation_row import row_of
from adapters.sqlite.observation_table import write_rows
from domain.observation import Observation


class SqliteObservationStore:
    """One row for each device and instant, merged reading by reading; each call is one transaction."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._file = database.results

    async def write(self, observations: Sequence[Observation]) -> None:
        with self._file.writing() as connection:
            write_rows(connection, [row_of(observation) for observation in observations])
