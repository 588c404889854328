"""The Kafka broker dies, hangs, stays away, or refuses what is written to it."""

import asyncio
import signal

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from stadtfunk.adapter_settings import kafka_topics
from stadtfunk.settings import read_settings
from tests.faults.experiment import Fault, experiment
from tests.faults.results import Results
from tests.faults.servers import Servers
from tests.faults.target import Target

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_200)]

_OUTAGE_S = 60.0
_HANG_S = 20.0
"""Longer than a request, the session of a group's member and a commit."""
_TO = "the broker of all roles"


async def test_a_broker_restarts(distributed: Target, results: Results, servers: Servers) -> None:
    async with experiment(distributed, results, Fault("1", "Kafka restarts", _TO)) as run:
        await servers.stop(servers.kafka)
        await servers.start(servers.kafka)
        await run.goes_on()


async def test_a_broker_is_killed(distributed: Target, results: Results, servers: Servers) -> None:
    async with experiment(distributed, results, Fault("1", "Kafka is killed and restarts", _TO)) as run:
        servers.kafka.kill()
        await servers.start(servers.kafka)
        await run.goes_on()


async def test_a_broker_is_away_for_a_minute(distributed: Target, results: Results, servers: Servers) -> None:
    async with experiment(distributed, results, Fault("2", f"Kafka is away for {_OUTAGE_S:.0f} s", _TO)) as run:
        servers.kafka.kill()
        await asyncio.sleep(_OUTAGE_S)
        await servers.start(servers.kafka)
        await run.goes_on()


async def test_a_broker_stands_still(distributed: Target, results: Results, servers: Servers) -> None:
    async with experiment(distributed, results, Fault("2", f"Kafka stands still for {_HANG_S:.0f} s", _TO)) as run:
        servers.kafka.send(signal.SIGSTOP)
        await asyncio.sleep(_HANG_S)
        servers.kafka.send(signal.SIGCONT)
        await run.goes_on()


@pytest.mark.parametrize(
    "number, what, topic, wrong",
    [
        ("13", "dead letters cannot be written", "dead_letters", {"max.message.bytes": "64"}),
        ("33", "the changelog is not compacted", "device_memory", {"cleanup.policy": "delete"}),
    ],
)
async def test_a_topic_is_not_as_it_must_be(
    distributed: Target, results: Results, servers: Servers, number: str, what: str, topic: str, wrong: dict[str, str]
) -> None:
    topics = kafka_topics(read_settings(distributed.config, {}).kafka)
    [shape] = [each for each in topics.shapes() if each.name == getattr(topics, topic)]
    right, process = {**shape.preferred, **shape.required}, distributed["process"]
    async with experiment(distributed, results, Fault(number, what, "process")) as run:
        process.is_down = True  # the supervisor leaves it to us
        for each in (distributed["ingest"], distributed["sink"]):
            each.expected.add(78)  # they look at all topics
        await _configure(servers, shape.name, right | wrong)
        for _ in range(2):  # and when it is started again: nothing is skipped to get on
            assert await process.ended() == 78, process.said()
            assert f"{shape.name!r}" in process.said().splitlines()[-1]
            process.start()
        await process.ended()
        await _configure(servers, shape.name, right)
        process.start()
        await run.goes_on()
        for each in (distributed["ingest"], distributed["sink"]):
            each.expected.discard(78)


async def _configure(servers: Servers, topic: str, settings: dict[str, str]) -> None:
    """Set all that differs from the default for ``topic``."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers.kafka.bootstrap)
    await admin.start()
    try:
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, settings)])
    finally:
        await admin.close()
