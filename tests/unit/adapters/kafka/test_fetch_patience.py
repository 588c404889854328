"""A broker is asked to gather while records come, and to wait for the first one while none do."""

import asyncio
from collections.abc import Sequence, Sized
from typing import Self

import pytest
from aiokafka.consumer.fetcher import Fetcher as RealFetcher
from aiokafka.consumer.subscription_state import SubscriptionState
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.structs import TopicPartition

from adapters.kafka.fetch_patience import LISTENING, FetchPatience, gathering
from tests.support.eventually import until


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


_GATHER_MS = 9
GATHER, LISTEN = ((each.wait_ms, each.enough) for each in (gathering(_GATHER_MS), LISTENING))


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
    FetchPatience(fetcher, _GATHER_MS)
    assert [await fetcher.ask() for _ in answers] == answers
    assert fetcher.asked == asked


async def test_a_partition_that_is_still_read_does_not_wait_long_for_its_turn() -> None:
    fetcher = Fetcher([False, False], unread=["observations/0"])
    FetchPatience(fetcher, _GATHER_MS)
    await fetcher.ask()
    await fetcher.ask()
    assert fetcher.asked == [LISTEN, GATHER]


class Broker:
    """The client of aiokafka's own fetcher: leads every partition, notes how it is asked, and has nothing."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._metadata_max_age_ms = 1_000
        self.cluster = self
        self.topics: Sequence[object] = ()
        """Of every answer."""
        self.asked: list[tuple[int, int]] = []
        self._may_answer = asyncio.Semaphore(0)

    def leader_for_partition(self, _: TopicPartition) -> int:
        """Return the only node."""
        return 0

    async def send(self, _: int, request: FetchRequest) -> Self:
        """Answer a request as soon as it may."""
        self.asked.append((request._max_wait_ms, request._min_bytes))
        await self._may_answer.acquire()
        return self

    async def answer(self) -> tuple[int, int]:
        """Answer one request; return how the next was asked."""
        asked = len(self.asked)
        self._may_answer.release()
        await until(lambda: len(self.asked) > asked)
        return self.asked[-1]


class Unread:
    """What came and is not read yet; what else there is may be asked for."""

    def calculate_backoff(self) -> int:
        """Return for how long nothing else is asked for."""
        return 0


async def test_the_fetcher_of_aiokafka_asks_with_the_words_that_it_was_given() -> None:
    """They are private names: a version that has others must not be taken for this one."""
    broker, subscriptions = Broker(), SubscriptionState()
    at, other = TopicPartition("observations", 0), TopicPartition("observations", 1)
    subscriptions.assign_from_user([at, other])
    subscriptions.seek(at, 0)
    subscriptions.seek(other, 0)
    fetcher = RealFetcher(broker, subscriptions)
    FetchPatience(fetcher, _GATHER_MS)
    try:
        await until(lambda: bool(broker.asked))
        assert broker.asked == [LISTEN]
        fetcher._records[other] = Unread()
        assert await broker.answer() == GATHER
        del fetcher._records[other]
        assert await broker.answer() == LISTEN
    finally:
        await fetcher.close()
