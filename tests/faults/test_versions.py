"""Records of another version, and records that nobody of ours wrote."""

import pytest
from aiokafka import AIOKafkaProducer

from adapters.kafka.topics import Topics
from stadtfunk.adapter_settings import kafka_topics
from stadtfunk.settings import read_settings
from tests.faults.experiment import Fault, experiment
from tests.faults.newer import VERSION
from tests.faults.results import Results
from tests.faults.servers import Servers
from tests.faults.target import Target
from tests.support.eventually import eventually

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_200)]

_DEVICE = b"0000000000000000"
_LETTERS_S = 120.0


def topics_of(target: Target) -> Topics:
    """Return the topics of a platform."""
    return kafka_topics(read_settings(target.config, {}).kafka)


async def test_a_memory_of_a_newer_program_is_not_overwritten(distributed: Target, results: Results) -> None:
    process = distributed["process"]
    async with experiment(distributed, results, Fault("32", "back from a newer program, and forth", "process")) as run:
        process.kill()
        process.start("tests.faults.newer")
        await run.goes_on(10)
        process.down()
        for _ in range(2):
            process.start()
            assert await process.ended() == 78, process.said()
            assert f"version {VERSION}" in process.said().splitlines()[-1]
        process.start("tests.faults.newer")
        await run.goes_on()
    distributed.is_spoilt = True  # the program of today cannot go on here


async def test_a_record_that_cannot_be_read_is_a_dead_letter_of_the_sink(
    distributed: Target, results: Results, servers: Servers
) -> None:
    topics, sink = topics_of(distributed), distributed["sink"]
    async with experiment(distributed, results, Fault("32", "an observation that cannot be read", "sink")) as run:
        run.apart.add(topics.observations)
        pid = sink.pid
        await _written(servers, topics.observations, b'{"version": 99}')

        async def letters() -> list[tuple[str, str]]:
            found = await distributed.letters()
            return [(each.stage, each.reason) for each in found if each.topic == topics.observations]

        await eventually(letters, [("sink", "record_unreadable")], _LETTERS_S)
        await run.goes_on()
        assert sink.pid == pid


async def _written(servers: Servers, topic: str, value: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=servers.kafka.bootstrap, acks="all") as producer:
        await producer.send_and_wait(topic, value, key=_DEVICE, partition=0)
