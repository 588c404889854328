"""A broker that keeps nothing (QoS 0), a platform that is away for a while, and a store that has it all."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from itertools import islice
from pathlib import Path

import pytest

from adapters.grpc.client import GrpcClient
from adapters.grpc.loss_client import LossClient
from adapters.mqtt.publisher import MqttPublisher
from adapters.mqtt.settings import PublisherSettings
from adapters.simulated_city.city import SimulatedCity
from adapters.simulated_city.fleets import FLEETS
from adapters.simulated_city.settings import SimulatedCitySettings
from adapters.system.clock import SystemClock
from domain.rfc3339 import format_rfc3339
from tests.e2e.platform import distributed_settings, embedded_settings, source, unused_name
from tests.e2e.role import Role, done
from tests.e2e.truth import Truth, served_readings
from tests.services.fixtures import MosquittoFactory
from tests.support.eventually import eventually, until
from tests.support.storage_server import StorageServer
from tools.services.address import CassandraAddress, KafkaAddress
from tools.services.ports import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

_UPLINKS = 9_000
_AT_ONCE = 2_000
_DEVICES = 150
_RATE = 750
_KEY = "NNSXS.KEY"
Frames = dict[str, tuple[int, int, int, int]]


class SpeakingCity:
    """A city that speaks through The Things Stack, which stores its uplinks."""

    def __init__(self, city: SimulatedCity, publisher: MqttPublisher, server: StorageServer) -> None:
        self._messages = city.messages()
        self._publisher = publisher
        self._server = server

    async def speak(self, messages: int) -> None:
        """Publish the next ones, at the pace of the city."""
        began, spoken, clock = time.monotonic(), 0, SystemClock()
        while spoken < messages:
            due = min(messages, int((time.monotonic() - began) * _RATE)) - spoken
            bunch = list(islice(self._messages, due)) if due > 0 else []
            if due > 0 and not bunch:
                return
            for topic, body in bunch:
                if topic.endswith("/up"):  # the cloud stores nothing else
                    self._server.keep(topic, body, clock.now_us())  # the city's own time runs ahead
            await self._publisher.publish(bunch)
            spoken += len(bunch)
            await asyncio.sleep(0.02)


@asynccontextmanager
async def a_city(broker_port: int, server: StorageServer, truth: Truth) -> AsyncIterator[SpeakingCity]:
    """Enter a city whose devices all speak through The Things Stack, over a broker that keeps nothing."""
    settings = SimulatedCitySettings(devices=_DEVICES, rate=_RATE, uplinks=_UPLINKS, poison=0.0)
    broker = PublisherSettings.at(f"mqtt://127.0.0.1:{broker_port}", client_id=f"city-{broker_port}", qos=0)
    async with MqttPublisher(broker) as publisher:
        with SimulatedCity(settings, SystemClock(), truth) as city:
            yield SpeakingCity(city, publisher, server)


async def frames_of(client: GrpcClient, truth: Truth) -> Frames:
    """Return received, missing, empty and undecodable of each device, as the platform serves them."""
    found: Frames = {}
    for device in truth.devices.values():
        _, state = await client.get_device_and_state(device.dev_eui)
        [frames] = state.frames
        found[device.dev_eui] = (frames.received, frames.missing, frames.empty, frames.undecodable)
    return found


def true_frames(truth: Truth) -> Frames:
    """Return the same, as it is true."""
    return {
        each.dev_eui: (each.received, each.missing, each.empty, each.undecodable) for each in truth.devices.values()
    }


async def recovered(port: int, truth: Truth) -> tuple[int, int, int, int]:
    """Return from the loss ledger what is recovered, booked to radio, to network server and to us."""
    today = int(time.time()) // 86_400
    async with LossClient(f"127.0.0.1:{port}") as losses:
        total = (await losses.sum_losses(today - 1, today + 2)).total
    return total.recovered, total.radio, total.network, total.ingest


async def test_after_an_outage_only_the_radio_has_lost_anything(
    tmp_path: Path, mosquitto_factory: MosquittoFactory
) -> None:
    broker, port, truth = mosquitto_factory(), free_port(), Truth()
    async with StorageServer(_KEY) as server:
        config = tmp_path / "stadtfunk.toml"
        config.write_text(_settings(tmp_path, port, broker.port, server.url))
        with Role(tmp_path, "run", "--config", str(config)) as platform:
            await _listens(platform, 1)
            async with a_city(broker.port, server, truth) as city:
                await city.speak(_AT_ONCE)
                platform.kill()
                await city.speak(_AT_ONCE)
                platform.start()
                await _listens(platform, 2)
                await city.speak(_AT_ONCE)
                platform.kill()  # perhaps while it fetches
                await city.speak(_AT_ONCE)
                platform.start()
                await _listens(platform, 3)
                await city.speak(_UPLINKS)
            async with GrpcClient(f"127.0.0.1:{port}") as client:
                await eventually(lambda: frames_of(client, truth), expected=true_frames(truth), deadline_s=180)
                assert await served_readings(client, truth) == truth.reading_keys
            back, radio, network, ingest = await recovered(port, truth)
            assert (radio, network, ingest) == (sum(each.missing for each in truth.devices.values()), 0, 0)
            assert back > _AT_ONCE  # at least what was said while it was away
            assert platform.end() == 0, platform.said()
            for stage, law in platform.laws().items():
                assert law["in"] == sum(count for bucket, count in law.items() if bucket != "in"), stage
                assert law["in flight"] == 0, stage
    said = done(tmp_path, "backfill", "status", "--config", str(config))
    assert "start" in said


async def _listens(platform: Role, times: int) -> None:
    await until(lambda: platform.said().count("subscribed to") >= times, deadline_s=180)


async def test_two_bridges_cover_for_each_other_and_a_store_for_both(
    tmp_path: Path, mosquitto_factory: MosquittoFactory, kafka: KafkaAddress, cassandra: CassandraAddress
) -> None:
    broker, port, truth = mosquitto_factory(), free_port(), Truth()
    async with StorageServer(_KEY) as server:
        config, of_another = tmp_path / "stadtfunk.toml", tmp_path / "another" / "stadtfunk.toml"
        asked_in = tmp_path / "asked"
        for folder in (of_another.parent, asked_in):
            folder.mkdir()
        platform = distributed_settings(unused_name(), port, kafka, cassandra)
        for each, client_id in ((config, "bridge-a"), (of_another, "bridge-b")):
            each.write_text(platform + _source(tmp_path, broker.port, server.url, client_id))
        done(tmp_path, "migrate", "--config", str(config))
        with ExitStack() as running:
            names = ("ingest", "process", "sink", "serve")
            roles = [running.enter_context(Role(tmp_path, name, "--config", str(config))) for name in names]
            roles.append(running.enter_context(Role(tmp_path, "backfill", "run", "--config", str(config))))
            roles.append(running.enter_context(Role(of_another.parent, "ingest", "--config", str(of_another))))
            bridges = roles[0], roles[-1]
            for bridge in bridges:
                await _listens(bridge, 1)
            async with a_city(broker.port, server, truth) as city:
                await city.speak(1_000)
                for bridge in bridges:
                    bridge.kill()
                    await city.speak(500)
                    bridge.start()
                    await _listens(bridge, 2)
                for bridge in bridges:
                    bridge.kill()
                await city.speak(_AT_ONCE)
                for bridge in bridges:
                    bridge.start()
                for bridge, times in zip(bridges, (3, 3), strict=True):
                    await _listens(bridge, times)
                await city.speak(_UPLINKS)
            async with GrpcClient(f"127.0.0.1:{port}") as client:
                await eventually(lambda: frames_of(client, truth), expected=true_frames(truth), deadline_s=180)
                await eventually(lambda: served_readings(client, truth), expected=truth.reading_keys, deadline_s=30)
            back, radio, network, ingest = await recovered(port, truth)
            assert (radio, network, ingest) == (sum(each.missing for each in truth.devices.values()), 0, 0)
            assert back > _AT_ONCE * 3 // 4
            asked = (
                "--kafka",
                "--since",
                _ago(20),
                "--until",
                _ago(10),
                "--device",
                next(iter(truth.devices)),
                "--wait",
            )
            assert "messages fetched" in await asyncio.to_thread(
                done, asked_in, "backfill", *asked, "--config", str(config)
            )
            for role in roles:
                assert role.end() == 0, role.said()
                for stage, law in role.laws().items():
                    assert law["in"] == sum(count for bucket, count in law.items() if bucket != "in"), stage
                    assert law["in flight"] == 0, stage
        assert "bridge-b" in done(tmp_path, "backfill", "status", "--kafka", "--config", str(config))


def _ago(seconds: float) -> str:
    return format_rfc3339(int((time.time() - seconds) * 1e9))


def _settings(folder: Path, port: int, broker_port: int, storage_url: str) -> str:
    return embedded_settings(folder / "data", port) + _source(folder, broker_port, storage_url, "e2e-backfill")


def _source(folder: Path, broker_port: int, storage_url: str, client_id: str) -> str:
    (folder / "key.txt").write_text(_KEY)
    applications = [f"{fleet.application_id}@ulm" for fleet in FLEETS.values()]
    return source(
        "127.0.0.1",
        broker_port,
        "v3/+/devices/+/up",
        "v3/+/devices/+/join",
        qos=0,
        client_id=client_id,
        storage_url=storage_url,
        storage_key_file=str(folder / "key.txt"),
        storage_applications=applications,
        storage_overlap_s=1.0,
        storage_settle_s=0.5,
        storage_gaps_every_s=0,
        storage_messages_per_s=5_000,
    )
