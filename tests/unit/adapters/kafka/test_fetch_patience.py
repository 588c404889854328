"""A broker is asked to gather while records come, and to wait for the first one while none do."""

from collections.abc import Sequence, Sized

import pytest

from adapters.kafka.fetch_patience import GATHERING, LISTENING, FetchPatience


class Fetcher:
    """Asks a broker that answers as it is told, and notes with which words."""

    def __init__(self, answers: Sequence[bool], *, unread: Sequence[str] = ()) -> None:
        self._answers = iter(answers)
        self._fetch_max_wait_ms = 500
        self._fetch_min_bytes = 1
        self._records: Sized = unread
        self.asked: list[tuple[int, int]] = []

    async def ask(self) -> bool:
        """Ask once, as its routine would."""
        self.asked.append((self._fetch_max_wait_ms, self._fetch_min_bytes))
        return await self._proc_fetch_request(None, 0, None)

    async def _proc_fetch_request(self, assignment: object, node_id: object, request: object) -> bool:
        return next(self._answers)


GATHER, LISTEN = ((each.wait_ms, each.enough) for each in (GATHERING, LISTENING))


@pytest.mark.parametrize(
    "answers, asked",
    [
        ([False, False, False], [LISTEN, LISTEN, LISTEN]),
        ([True, True, True], [LISTEN, GATHER, GATHER]),
        ([True, False, True, False], [LISTEN, GATHER, LISTEN, GATHER]),
    ],
)
async def test_the_last_answer_says_how_the_next_is_asked_for(
    answers: Sequence[bool], asked: Sequence[tuple[int, int]]
) -> None:
    fetcher = Fetcher(answers)
    FetchPatience(fetcher)
    assert [await fetcher.ask() for _ in answers] == answers
    assert fetcher.asked == asked


async def test_a_partition_that_is_still_read_does_not_wait_long_for_its_turn() -> None:
    fetcher = Fetcher([False, False], unread=["observations/0"])
    FetchPatience(fetcher)
    await fetcher.ask()
    await fetcher.ask()
    assert fetcher.asked == [LISTEN, GATHER]


def test_while_nothing_comes_the_first_record_is_an_answer() -> None:
    assert LISTENING.enough == 1
