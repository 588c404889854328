"""No query of a port reads a whole table, and none sorts."""

import pytest

from adapters.sqlite import dead_letters, device_registry, reading_query
from adapters.sqlite.database import SqliteDatabase


@pytest.mark.parametrize(
    "query",
    [
        reading_query._NEWEST,
        reading_query._OLDEST,
        device_registry._GET,
        device_registry._PAGE,
        device_registry._PAGE_OF_TYPE,
        dead_letters._GET,
        dead_letters._NEWEST,
        dead_letters._NEWEST_OF_REASON,
        dead_letters._WAITING,
        "SELECT memory FROM device_memory WHERE device = ?",
        "SELECT state FROM device_states WHERE dev_eui = ?",
    ],
)
def test_a_query_goes_by_an_index(database: SqliteDatabase, query: str) -> None:
    values = ["x"] * query.count("?")
    plan = [row[3] for row in database.results._opened().execute(f"EXPLAIN QUERY PLAN {query}", values)]
    assert all("SEARCH" in step or "USING INDEX" in step for step in plan), plan
