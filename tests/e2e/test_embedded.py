"""The embedded platform, killed at random while a broker delivers: nothing lost, nothing twice."""

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from adapters.grpc.client import GrpcClient
from stadtfunk.container.embedded import Embedded
from stadtfunk.settings import read_settings
from tests.e2e.role import Role
from tests.e2e.truth import poison_of, read_truth, served_frames, served_readings
from tests.services.fixtures import MosquittoFactory
from tests.support.eventually import eventually, until
from tools.services.ports import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

_UPLINKS = 20_000
_DEVICES = 400
_RATE = 1_500
_KILLS = 6


async def test_killed_at_random_it_serves_the_truth(tmp_path: Path, mosquitto_factory: MosquittoFactory) -> None:
    broker = mosquitto_factory("max_queued_messages 100000", "max_inflight_messages 500")
    port = free_port()
    config = tmp_path / "stadtfunk.toml"
    config.write_text(_settings(tmp_path, port, broker.port))
    truth_file = tmp_path / "truth.jsonl"
    simulation = Role(tmp_path, "simulate", "--mqtt", f"mqtt://127.0.0.1:{broker.port}", *_city(truth_file))
    with Role(tmp_path, "run", "--config", str(config)) as platform:
        await until(lambda: "gRPC on" in platform.said())
        with simulation:
            await _kill_at_random(platform, simulation)
            assert await asyncio.to_thread(simulation.wait, 120) == 0
        truth = read_truth(truth_file)
        async with GrpcClient(f"127.0.0.1:{port}") as client:
            await eventually(lambda: served_frames(client, truth), expected=truth.frames, deadline_s=120)
            assert await served_readings(client, truth) == truth.reading_keys
        assert platform.end() == 0, platform.said()
        for stage, law in platform.laws().items():
            assert law["in"] == sum(count for bucket, count in law.items() if bucket != "in"), stage
            assert law["in flight"] == 0, stage
    container = Embedded(settings=read_settings(config, {}))
    async with container.reading_only():
        letters = list(await container.dead_letters().list(limit=100_000))
    assert poison_of(letters) == Counter(each.topic for each in truth.poison)


async def _kill_at_random(platform: Role, simulation: Role) -> None:
    """Kill the platform again and again while the simulation publishes; print nothing, fail on nothing."""
    chance = random.Random(_KILLS)
    for _ in range(_KILLS):
        await asyncio.sleep(chance.uniform(0.5, 3.0))
        assert simulation.is_running
        platform.kill()
        platform.start()


def _city(truth_file: Path) -> tuple[str, ...]:
    size = ("--rate", str(_RATE), "--devices", str(_DEVICES), "--uplinks", str(_UPLINKS))
    return (*size, "--qos", "1", "--truth", str(truth_file))


def _settings(folder: Path, port: int, broker_port: int) -> str:
    return f"""
[data]
folder = "{folder / "data"}"
[grpc]
port = {port}
[log]
every_s = 1.0
[[sources]]
name = "city"
kind = "mqtt"
host = "127.0.0.1"
port = {broker_port}
tls = false
qos = 1
client_id = "e2e-embedded"
topics = ["v3/+/devices/+/up", "v3/+/devices/+/join"]
"""
