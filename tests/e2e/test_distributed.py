"""The distributed platform, killed while it works: nothing lost, nothing twice, every frame accounted for."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from msgspec.structs import fields

from adapters.grpc.client import GrpcClient
from application.errors import ApplicationError
from domain.device import DeviceState
from stadtfunk.container.distributed import Distributed
from stadtfunk.settings import read_settings
from stadtfunk.settings.model import TopicNames
from tests.e2e.role import Role, done
from tests.e2e.truth import Truth, poison_of, read_truth, served_frames, served_readings
from tests.support.eventually import eventually
from tools.services.address import CassandraAddress, KafkaAddress, MqttAddress
from tools.services.ports import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

_UPLINKS = 20_000
_DEVICES = 400
_RATE = 1_500
"""Slow enough that kills fall into the work, fast enough for a test: 13 s."""


class Platform:
    """All roles over topics and a keyspace of their own."""

    def __init__(self, folder: Path, kafka: KafkaAddress, cassandra: CassandraAddress, mosquitto: MqttAddress) -> None:
        self.folder = folder
        self.port = free_port()
        self.broker = f"mqtt://{mosquitto.host}:{mosquitto.port}"
        self.config = folder / "stadtfunk.toml"
        self.config.write_text(_settings(uuid4().hex[:8], self.port, kafka, cassandra, mosquitto))
        self.ingest, self.process, self.sink, self.serve = (
            Role(folder, role, "--config", str(self.config)) for role in ("ingest", "process", "sink", "serve")
        )

    @property
    def roles(self) -> list[Role]:
        """The four processes."""
        return [self.ingest, self.process, self.sink, self.serve]

    def client(self) -> GrpcClient:
        """Return a client of its API."""
        return GrpcClient(f"127.0.0.1:{self.port}")

    def container(self) -> Distributed:
        """Return the parts of the platform, for looking into it."""
        return Distributed(settings=read_settings(self.config, {}))


@pytest.fixture
def platform(
    tmp_path: Path, kafka: KafkaAddress, cassandra: CassandraAddress, mosquitto: MqttAddress
) -> Iterator[Platform]:
    """The platform, migrated and running."""
    platform = Platform(tmp_path, kafka, cassandra, mosquitto)
    done(tmp_path, "migrate", "--config", str(platform.config))
    with ExitStack() as running:
        for role in platform.roles:
            running.enter_context(role)
        yield platform


async def test_killed_twice_in_process_and_once_in_sink_it_serves_the_truth(platform: Platform) -> None:
    await eventually(lambda: _has_started(platform), expected=True)
    with _simulation(platform) as simulation:
        for role, pause_s in ((platform.process, 3.0), (platform.sink, 2.0), (platform.process, 3.0)):
            await asyncio.sleep(pause_s)
            role.kill()
            role.start()
        assert await asyncio.to_thread(simulation.wait, 120) == 0
    truth = read_truth(platform.folder / "truth.jsonl")
    async with platform.client() as client:
        await eventually(lambda: _heard(client, truth), expected=_expected(truth), deadline_s=120)
        await eventually(lambda: _count(client, truth), expected=len(truth.readings), deadline_s=120)
        assert await served_frames(client, truth) == truth.frames
        assert await served_readings(client, truth) == truth.reading_keys
    await _dead_letters_hold_the_poison(platform, truth)
    _every_stage_balances(platform)


async def _dead_letters_hold_the_poison(platform: Platform, truth: Truth) -> None:
    container = platform.container()
    letters = list(await container.dead_letters().list(limit=100_000))
    assert poison_of(letters) == Counter(each.topic for each in truth.poison)
    assert all(letter.reason and letter.origin.startswith("uplinks/") and letter.body for letter in letters)


def _every_stage_balances(platform: Platform) -> None:
    for role in platform.roles:
        assert role.end() == 0, role.said()
    for role in (platform.ingest, platform.process, platform.sink):
        for stage, law in role.laws().items():
            assert law["in flight"] == 0, stage
            assert law["in"] == sum(count for bucket, count in law.items() if bucket != "in"), stage
            assert law["in"] > 0, stage


async def _has_started(platform: Platform) -> bool:
    return all("started" in role.said() for role in platform.roles)


async def _heard(client: GrpcClient, truth: Truth) -> tuple[int, int]:
    """Return frames received and duplicates, over all devices that are known already."""
    received = duplicate = 0
    for device in truth.devices.values():
        try:
            _, state = await client.get_device_and_state(device.dev_eui)
        except ApplicationError:
            continue
        received, duplicate = received + _of(state, "received"), duplicate + _of(state, "duplicate")
    return received, duplicate


def _of(state: DeviceState, name: str) -> int:
    return sum(getattr(frames, name) for frames in state.frames)


def _expected(truth: Truth) -> tuple[int, int]:
    return sum(device.received for device in truth.devices.values()), sum(
        device.duplicate for device in truth.devices.values()
    )


async def _count(client: GrpcClient, truth: Truth) -> int:
    return sum((await served_readings(client, truth)).values())


def _simulation(platform: Platform) -> Role:
    arguments = ("--mqtt", platform.broker, "--rate", str(_RATE), "--devices", str(_DEVICES))
    truth = str(platform.folder / "truth.jsonl")
    return Role(platform.folder, "simulate", *arguments, "--uplinks", str(_UPLINKS), "--qos", "1", "--truth", truth)


def _settings(name: str, port: int, kafka: KafkaAddress, cassandra: CassandraAddress, mosquitto: MqttAddress) -> str:
    named = "\n".join(f'{each.name} = "{name}-{each.default}"' for each in fields(TopicNames))
    return f"""
[grpc]
port = {port}
[log]
every_s = 1.0
[kafka]
bootstrap = "{kafka.bootstrap}"
partitions = 4
process_group = "{name}-process"
sink_group = "{name}-sink"
instance_id = "{name}"
session_timeout_s = 10
[kafka.topics]
{named}
[cassandra]
contact_points = ["{cassandra.host}"]
port = {cassandra.port}
local_dc = "{cassandra.datacenter}"
keyspace = "e2e_{name}"
[[sources]]
name = "city"
kind = "mqtt"
host = "{mosquitto.host}"
port = {mosquitto.port}
tls = false
qos = 1
client_id = "e2e-{name}"
topics = ["v3/+/devices/+/up", "v3/+/devices/+/join"]
"""
