"""How long a broker holds its answer back: for a moment while records come, for long while there are none.

Asked 50 times a second by a consumer to which nothing comes, a broker spends 5 % of a processor on it, and the consumer
3 (docs/performance.md). aiokafka (0.14) knows no other words than its first ones, but looks them up for each request.
"""

# ruff: noqa: SLF001  there is no other way

from collections.abc import Sized
from typing import Protocol

from msgspec import Struct


class Patience(Struct, frozen=True):
    """When a broker answers."""

    wait_ms: int
    """At the latest."""
    enough: int
    """Bytes for which it answers at once."""


def gathering(wait_ms: int) -> Patience:
    """Return how to ask while records come, for an answer after ``wait_ms`` at the latest.

    With an answer for each write to a partition an uplink cost `process` a fifth more than with 20 ms, and the broker
    twice as much (2,500 uplinks/s on 4 partitions). 64 KiB are some 400 uplinks: with a backlog nothing is held back.
    """
    return Patience(wait_ms, 65_536)


LISTENING = Patience(200, 1)
"""While none do: the first is told at once, sooner than while gathering. Whatever else is asked of the same broker
waits behind this request, and so does a partition that is ours from now on: so 200 ms, though 500 would cost less."""


class Fetcher(Protocol):
    """What asks: aiokafka's, as far as it concerns us."""

    _fetch_max_wait_ms: int
    _fetch_min_bytes: int
    _records: Sized
    """What came and was not read yet."""

    async def _proc_fetch_request(self, assignment: object, node_id: object, request: object) -> bool:
        """Ask once; say whether records came, or an error."""


class FetchPatience:
    """Stands around the requests of a fetcher, and gives it the words for the next one."""

    def __init__(self, fetcher: Fetcher, gather_ms: int) -> None:
        """Begin by listening; while records come, the broker may gather for ``gather_ms``."""
        self._fetcher = fetcher
        self._gathering = gathering(gather_ms)
        self._ask = fetcher._proc_fetch_request
        fetcher._proc_fetch_request = self._asked  # type: ignore[method-assign]
        self._set(LISTENING)

    async def _asked(self, assignment: object, node_id: object, request: object) -> bool:
        came = await self._ask(assignment, node_id, request)
        # Partitions with records that are not read yet are not asked for, and wait for the end of this request.
        self._set(self._gathering if came or len(self._fetcher._records) else LISTENING)
        return came

    def _set(self, patience: Patience) -> None:
        self._fetcher._fetch_max_wait_ms = patience.wait_ms
        self._fetcher._fetch_min_bytes = patience.enough
