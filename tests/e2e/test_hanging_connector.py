"""A process of connectors that is told to end, killed, or hangs: what it does, and what the list says of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from msgspec.structs import fields

from application.connectors import Listed, listed
from stadtfunk.container.connectors import Connectors
from stadtfunk.container.distributed import Distributed
from stadtfunk.settings import read_settings
from stadtfunk.settings.model import TopicNames
from tests.e2e.command import Ended, command
from tests.e2e.role import Role
from tests.e2e.ulm import toml
from tests.integration.kafka.clients import migrated
from tests.services.fixtures import MosquittoFactory
from tests.support.eventually import eventually
from tests.support.mqtt_proxy import MqttProxy, mqtt_proxy
from tools.services.address import KafkaAddress

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

NAME = "swu-water-ttn"
_EVERY_S, _DEADLINE_S = 1.0, 6.0
_LONG_S = 90.0


class Scene:
    """One connector in a process of its own, behind a proxy that can hold messages back."""

    def __init__(self, folder: Path, kafka: KafkaAddress, proxy: MqttProxy) -> None:
        self.proxy = proxy
        own = f"hang{uuid4().hex[:8]}"
        self.config = folder / "connect.toml"
        connector: dict[str, object] = {
            "name": NAME,
            "kind": "ttn_uplinks",
            "host": proxy.host,
            "port": proxy.port,
            "tls": False,
            "client_id": own,
            "canary": "publish",
            "canary_every_s": _EVERY_S,
            "canary_deadline_s": _DEADLINE_S,
        }
        topics = {each.name: f"{own}-{each.default}" for each in fields(TopicNames)}
        settings = {"bootstrap": kafka.bootstrap, "partitions": 1, "topics": topics}
        self.config.write_text(toml({"kafka": settings, "connectors": [connector]}), encoding="utf-8")
        self.container = Distributed(settings=read_settings(self.config, {}))
        self.connect = Role(folder, "connect", "--config", str(self.config))

    async def row(self, *, later_s: float = 0.0) -> Listed:
        """Return its line in the list, some time from now."""
        reports = await Connectors(self.container).reports().newest()
        now_us = self.container.clock().now_us() + int(later_s * 1_000_000)
        [row] = listed({NAME: "ttn_uplinks"}, reports, now_us)
        return row

    async def is_well(self) -> bool:
        """Say whether a canary has come back, and nothing is wrong."""
        row = await self.row()
        return row.trouble is None and row.report is not None and row.report.canary_back_us > 0

    async def status(self) -> Ended:
        """Run the command."""
        return await asyncio.to_thread(command, "connectors", "status", "--config", self.config)


@pytest.fixture
async def scene(tmp_path: Path, kafka: KafkaAddress, mosquitto_factory: MosquittoFactory) -> AsyncIterator[Scene]:
    """The connector, running and well."""
    broker = mosquitto_factory()
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(mqtt_proxy(broker.host, broker.port))
        scene = Scene(tmp_path, kafka, proxy)
        await migrated(scene.container.connection(), scene.container.topics())
        stack.enter_context(scene.connect)
        await eventually(scene.is_well, expected=True, deadline_s=_LONG_S)
        yield scene


async def test_one_that_hangs_though_connected_ends_its_process_and_is_named(scene: Scene) -> None:
    scene.proxy.is_mute = True
    assert await asyncio.to_thread(scene.connect.wait, _LONG_S) == 69, scene.connect.said()
    assert scene.proxy.held_back > 0
    row = await scene.row()
    assert (row.state, row.trouble and row.trouble.reason) == ("FAILED", "failed")
    ended = await scene.status()
    assert ended.code == 1
    assert "hangs though it is connected" in ended.err
    assert ended.last_line == f"1 of 1 connectors are not well: {NAME}"


async def test_one_that_is_refused_ends_its_process_with_the_code_of_wrong_settings(
    tmp_path: Path, kafka: KafkaAddress, mosquitto_factory: MosquittoFactory
) -> None:
    broker = mosquitto_factory("allow_anonymous false")
    async with mqtt_proxy(broker.host, broker.port) as proxy:
        scene = Scene(tmp_path, kafka, proxy)
        await migrated(scene.container.connection(), scene.container.topics())
        with scene.connect:
            assert await asyncio.to_thread(scene.connect.wait, _LONG_S) == 2, scene.connect.said()
        row = await scene.row()
        assert row.state == "FAILED"
        assert row.trouble is not None
        assert "refuses a client without username" in row.trouble.what


async def test_one_that_is_killed_is_not_said_to_run(scene: Scene) -> None:
    scene.connect.kill()
    row = await scene.row(later_s=31)
    assert (row.state, row.trouble and row.trouble.reason) == ("UNASSIGNED", "silent")


async def test_one_that_is_told_to_end_ends_well_and_says_so(scene: Scene) -> None:
    assert await asyncio.to_thread(scene.connect.end) == 0, scene.connect.said()
    row = await scene.row()
    assert (row.state, row.trouble) == ("STOPPED", None)
    assert (await scene.status()).code == 0
