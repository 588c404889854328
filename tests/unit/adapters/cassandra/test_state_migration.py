"""The states of former versions: the table they were in goes only when all of them have been copied."""

from collections.abc import Iterable, Sequence

import pytest

from adapters.cassandra import state_migration
from adapters.cassandra.shards import shard_of

_State = tuple[str, str, int]


class Pages:
    """The result of a statement, as the driver gives it page by page."""

    def __init__(self, *pages: Sequence[_State]) -> None:
        self._pages = list(pages)
        self.fetch_next_page()

    @property
    def has_more_pages(self) -> bool:
        """Whether the node says so, which it does before it knows of another row."""
        return bool(self._pages)

    def fetch_next_page(self) -> None:
        """Ask for the next page; without one there are no rows."""
        self.current_rows = self._pages.pop(0) if self._pages else []


class ScriptedSession:
    """Answers the only question with ``states``, and notes what goes."""

    def __init__(self, states: Pages) -> None:
        self._states = states
        self.dropped: list[str] = []

    def prepare(self, statement: str) -> str:
        """Return the statement itself."""
        return statement

    def execute(self, statement: object, *, timeout: float = 0) -> Pages:
        """Return the states, or note that the table goes."""
        if timeout:
            self.dropped.append(str(statement))
        return self._states


def test_a_page_without_rows_is_not_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page may be smaller than asked for (native protocol 4, section 8): only the node knows whether more follows."""
    copied: list[tuple[object, ...]] = []

    def write(_: object, __: object, rows: Iterable[tuple[object, ...]], **___: object) -> None:
        copied.extend(rows)

    monkeypatch.setattr(state_migration, "execute_concurrent_with_args", write)
    session = ScriptedSession(Pages([("a", "{}", 1)], [], [("b", "{}", 2)]))
    told = state_migration.move_states(session, "city")
    assert copied == [(1, "{}", shard_of("a"), "a"), (2, "{}", shard_of("b"), "b")]
    assert told[0] == "states: 2 of device_states copied"
    assert session.dropped == ["DROP TABLE city.device_states"]
