"""Uplinks in: as every connector, and canaries go no further."""

from collections.abc import Sequence

import pytest

from adapters.memory.uplink_log import MemoryUplinkLog
from adapters.memory.uplink_source import MemoryUplinkSource
from application.connectors import Canary, Progress, UplinkConnector
from application.errors import Unavailable
from application.ports.backlog import Standing
from application.ports.canary_post import CANARY
from application.ports.uplink_log import RawUplink
from application.ports.uplink_source import Delivery
from tests.contract.connector import ConnectorContract, running
from tests.support.builders import a_raw_uplink
from tests.support.clock import FakeClock
from tests.support.eventually import until
from tests.unit.application.connectors.test_canary import Post, a_canary_message


class Log(MemoryUplinkLog):
    """A log that a test can break."""

    def __init__(self) -> None:
        super().__init__()
        self.broken = False
        self.bodies: list[bytes] = []

    async def append(self, uplinks: Sequence[RawUplink]) -> None:
        if self.broken:
            raise Unavailable("the log cannot be written")
        await super().append(uplinks)
        self.bodies += [each.body for each in uplinks]


class Source(MemoryUplinkSource):
    """A source that counts what it need not give again."""

    acknowledged = 0

    async def acknowledge(self, delivery: Delivery) -> None:
        await super().acknowledge(delivery)
        self.acknowledged += len(delivery.uplinks)


class UplinkScene:
    """A connector for uplinks, in memory."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.source, self.log, self.post = Source(), Log(), Post()
        self.canary = Canary(self.post, self.clock, every_s=600.0, deadline_s=600.0)
        self.connector = UplinkConnector(
            self.source, self.log, Progress(self.clock), canary=self.canary, waiting=lambda: 5
        )
        self._offered = 0

    async def offer(self, count: int) -> None:
        self._offered += count
        self.source.put([a_raw_uplink(b"%d" % (self._offered - each)) for each in range(count)])

    async def offer_a_bad_one(self) -> None:
        """Offer a canary: what cannot be read is no concern of ingest."""
        self.source.put([a_canary_message("of somebody else")])

    def break_the_store(self) -> None:
        self.log.broken = True

    def stored(self) -> int:
        return len(self.log.bodies)

    def acknowledged(self) -> int:
        return self.source.acknowledged


@pytest.fixture
def scene() -> UplinkScene:
    """A connector for uplinks."""
    return UplinkScene()


class TestUplinkConnector(ConnectorContract):
    """As every connector."""


async def test_canaries_among_uplinks_are_taken_out_and_counted(scene: UplinkScene) -> None:
    scene.source.put([a_raw_uplink(b"1"), a_canary_message("x"), a_raw_uplink(b"2")])
    async with running(scene):
        await until(lambda: scene.acknowledged() == 3)
    assert scene.log.bodies == [b"1", b"2"]
    assert scene.connector.counts.ignored == {"canary": 1}
    assert scene.connector.counts.in_flight == 0


async def test_a_canary_is_no_event_of_the_source(scene: UplinkScene) -> None:
    async with running(scene):
        await scene.offer_a_bad_one()
        await until(lambda: scene.connector.progress.last_success_us > 0)
    assert scene.connector.progress.last_event_us == 0


async def test_what_arrived_and_was_not_received_yet_is_its_backlog(scene: UplinkScene) -> None:
    async with running(scene):
        await scene.offer(2)
        await until(lambda: scene.acknowledged() == 2)
        assert await scene.connector.standing() == {"what arrived": Standing(2, 7)}


def test_the_name_of_canaries_is_one_that_a_topic_level_may_have() -> None:
    assert not {"/", "+", "#"} & set(CANARY)
