"""Canaries on a real broker: a connector that hangs though it is connected is found out, at one message an hour."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from msgspec.structs import replace

from adapters.memory.connector_reports import MemoryConnectorReports
from adapters.memory.uplink_log import MemoryUplinkLog
from adapters.mqtt.canary_post import MqttCanaryPost, canary_topic, has_room, is_within
from adapters.mqtt.settings import PublisherSettings
from adapters.mqtt.uplink_source import MqttUplinkSource
from adapters.system.clock import SystemClock
from application.connectors import (
    BacklogWatch,
    Canary,
    Opened,
    Progress,
    Reporter,
    Supervised,
    UplinkConnector,
    Watch,
    listed,
)
from application.errors import Unavailable
from application.ports.canary_post import CanaryPost
from application.ports.uplink_log import RawUplink
from application.ports.uplink_source import UplinkSource
from tests.contract.canary_post import CanaryPostContract, FarEnd, OpenFarEnd
from tests.integration.mqtt.broker import READER, publish, settings
from tests.services.fixtures import MosquittoFactory
from tests.support.clock import FakeClock
from tests.support.eventually import soon, until
from tests.support.mqtt_proxy import mqtt_proxy
from tools.services.mosquitto import Mosquitto

pytestmark = pytest.mark.integration

_TOPICS = ("v3/+/devices/+/up", "v3/+/devices/+/join")
_EVERY_S, _DEADLINE_S = 0.05, 0.6


def poster(broker: Mosquitto, username: str = "") -> MqttCanaryPost:
    """Return who sends canaries to ``broker``."""
    where = PublisherSettings(
        host=broker.host,
        port=broker.port,
        tls=False,
        client_id=f"{READER}-canary",
        username=username,
        password=username,
        unreachable_budget_s=0.5,
        first_pause_s=0.05,
        longest_pause_s=0.1,
    )
    return MqttCanaryPost(where, _TOPICS)


class Hub:
    """A broker with a source of its own."""

    def __init__(self, broker: Mosquitto, source: UplinkSource) -> None:
        self._broker = broker
        self._source = source
        self._came: list[RawUplink] = []

    async def listen(self) -> None:
        """Keep what comes."""
        while (delivery := await self._source.receive()) is not None:
            await self._source.acknowledge(delivery)
            self._came += delivery.uplinks

    @asynccontextmanager
    async def post(self) -> AsyncIterator[CanaryPost]:
        async with poster(self._broker) as post:
            self._post = post
            yield post

    def came(self) -> Sequence[RawUplink]:
        return self._came

    def go_away(self) -> None:
        self._broker.kill()

    def refuse(self) -> None:
        """Let it be sent by TLS, with an authority that is none."""
        self._post._settings = replace(self._post._settings, tls=True, ca_file="none.pem")


class Scene:
    """A connector on ``broker``, as `stadtfunk connect` runs it, but for its log."""

    def __init__(self, broker: Mosquitto, *, port: int = 0, log: MemoryUplinkLog | None = None) -> None:
        self.clock = FakeClock()
        self.log = log or MemoryUplinkLog()
        self.progress = Progress(self.clock)
        self._broker = broker
        self._port = port or broker.port
        self.connector = Supervised("swu-water-ttn", "ttn_uplinks", self.progress, self._open)
        self.reports = MemoryConnectorReports()
        self._reporter = Reporter(self.reports, [self.connector], self.clock)

    async def _open(self, stack: AsyncExitStack, progress: Progress) -> Opened:
        post = await stack.enter_async_context(poster(self._broker))
        reader = settings(self._broker, port=self._port, topics=_TOPICS, keepalive_s=600.0)
        source = await stack.enter_async_context(MqttUplinkSource(reader, SystemClock()))
        canary = Canary(
            post, self.clock, every_s=_EVERY_S, deadline_s=_DEADLINE_S, is_connected=lambda: source.connected
        )
        connector = UplinkConnector(source, self.log, progress, canary=canary, waiting=lambda: source.waiting)
        backlog = BacklogWatch(connector, progress, every_s=0.05, stuck_after_s=600.0)
        watches: list[Watch] = [canary, backlog]
        return Opened(connector, watches, canary, is_connected=lambda: source.connected, trouble=lambda: source.trouble)

    async def listed(self) -> tuple[str, str]:
        """Return what stands in the list: state and trouble."""
        await self._reporter.report()
        [row] = listed({"swu-water-ttn": "ttn_uplinks"}, await self.reports.newest(), self.clock.now_us())
        return row.state, row.trouble.reason if row.trouble is not None else ""

    @property
    def canary(self) -> Canary:
        """The connector's."""
        assert self.connector.canary is not None
        return self.connector.canary

    async def back(self) -> None:
        """Wait until a canary comes back from now on."""
        self.clock.advance(0.001)
        now_us = self.clock.now_us()
        await until(lambda: self.connector.canary is not None and self.canary.back_us >= now_us)


class Blocked(MemoryUplinkLog):
    """A log that never answers once it is told so."""

    blocked = False

    async def append(self, uplinks: Sequence[RawUplink]) -> None:
        if self.blocked:
            await asyncio.Event().wait()
        await super().append(uplinks)


@asynccontextmanager
async def running(scene: Scene) -> AsyncIterator[asyncio.Task[None]]:
    """Let a connector run until its first canary is back, and end at the end."""
    task = asyncio.create_task(scene.connector.run())
    try:
        await scene.back()
        yield task
    finally:
        await scene.connector.stop()
        await asyncio.wait({task}, timeout=10.0)
        task.cancel()


async def test_while_all_is_well_canaries_come_back_and_go_no_further(mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory()
    scene = Scene(broker)
    async with running(scene):
        await publish(broker, [b"the only one in this hour"])
        await until(lambda: scene.progress.last_event_us > 0)
        assert await scene.listed() == ("RUNNING", "")
    logged = [each.body async for part in scene.log.replay(0, 2**62) for each in part.uplinks]
    assert logged == [b"the only one in this hour"]
    assert scene.progress.counts.ignored["canary"] >= 2
    assert scene.progress.counts.in_flight == 0


async def test_where_messages_no_longer_come_it_is_found_out_though_it_is_connected(
    mosquitto_factory: MosquittoFactory,
) -> None:
    broker = mosquitto_factory()
    async with mqtt_proxy(broker.host, broker.port) as proxy:
        scene = Scene(broker, port=proxy.port)
        async with running(scene) as task:
            assert await scene.listed() == ("RUNNING", "")
            proxy.is_mute = True
            with pytest.raises(Unavailable, match="hangs though it is connected"):
                await soon(task)
        assert proxy.held_back > 0
        assert await scene.listed() == ("FAILED", "failed")


async def test_where_its_own_loop_waits_for_ever_it_is_found_out(mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory()
    log = Blocked()
    scene = Scene(broker, log=log)
    async with running(scene) as task:
        log.blocked = True
        await publish(broker, [b"the only one in this hour"])
        with pytest.raises(Unavailable, match="hangs though it is connected"):
            await soon(task)
    assert await scene.listed() == ("FAILED", "failed")


async def test_where_the_broker_is_frozen_it_is_not_known_to_be_well(mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory()
    scene = Scene(broker)
    async with running(scene) as task:
        assert await scene.listed() == ("RUNNING", "")
        broker.send(signal.SIGSTOP)
        try:
            await until(lambda: bool(scene.canary.trouble))
            scene.clock.advance(120)
            assert await scene.listed() == ("RUNNING", "no_canary")
            assert not task.done()
        finally:
            broker.send(signal.SIGCONT)
        await scene.back()
        assert await scene.listed() == ("RUNNING", "")


async def test_a_broker_that_restarts_ends_nothing(mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory()
    scene = Scene(broker)
    async with running(scene) as task:
        broker.kill()
        await until(lambda: bool(scene.canary.trouble))
        assert await scene.listed() == ("RESTARTING", "")
        assert scene.progress.last_error.startswith(f"mqtt://{broker.host}:{broker.port}")
        broker.start()
        await scene.back()
        assert not task.done()
        assert await scene.listed() == ("RUNNING", "")


async def test_no_canary_waits_in_a_session_whose_client_is_away(mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory()
    reader = settings(broker, topics=_TOPICS)
    async with MqttUplinkSource(reader, SystemClock()) as source:
        await until(lambda: source.connected)
    async with poster(broker) as post:
        for _ in range(5):
            await soon(post.send(("0123456789ab0000", "0123456789ab0001")))
    await publish(broker, [b"an uplink"])
    async with MqttUplinkSource(reader, SystemClock()) as source:
        delivery = await soon(source.receive())
    assert delivery is not None
    assert [each.body for each in delivery.uplinks] == [b"an uplink"]


class TestMqttCanaryPost(CanaryPostContract):
    @pytest.fixture
    def open_far_end(self, mosquitto_factory: MosquittoFactory) -> OpenFarEnd:
        broker = mosquitto_factory()

        @asynccontextmanager
        async def far_end() -> AsyncIterator[FarEnd]:
            reader = settings(broker, topics=_TOPICS)
            async with MqttUplinkSource(reader, SystemClock()) as source:
                hub = Hub(broker, source)
                listening = asyncio.create_task(hub.listen())
                await until(lambda: source.connected)
                yield hub
                listening.cancel()

        return far_end


@pytest.mark.parametrize(
    "topic_filter, topic",
    [
        ("v3/app@ttn/devices/+/up", "v3/app@ttn/devices/stadtfunk-canary/up"),
        (
            "application/+/device/+/event/+",
            "application/stadtfunk-canary/device/stadtfunk-canary/event/stadtfunk-canary",
        ),
        ("#", "stadtfunk-canary"),
        ("city/#", "city/stadtfunk-canary"),
    ],
)
def test_a_canary_has_a_topic_within_what_the_source_subscribes_to(topic_filter: str, topic: str) -> None:
    assert canary_topic(topic_filter) == topic
    assert has_room(topic_filter)
    assert is_within(topic, topic_filter)


def test_a_filter_for_one_topic_alone_has_no_room_for_canaries() -> None:
    assert not has_room("v3/app@ttn/devices/meter-1/up")


@pytest.mark.parametrize(
    "topic, topic_filter", [("a/b", "a/+/c"), ("a/b/c", "a/+"), ("a", "b"), ("a/b", "a"), ("b/a", "a/#")]
)
def test_a_topic_beside_a_filter_is_not_within_it(topic: str, topic_filter: str) -> None:
    assert not is_within(topic, topic_filter)


def test_what_lies_on_the_level_of_a_filter_is_within_it() -> None:
    assert is_within("city", "city/#")
    assert is_within("city/a/b", "city/#")
