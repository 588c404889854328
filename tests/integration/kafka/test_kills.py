"""Real processes that die, hang and follow each other: results and memory are as if one had done all in one go."""

import asyncio
import signal
import sys
from asyncio.subprocess import Process
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from tests.integration.kafka.clients import migrated, topics_named
from tests.integration.kafka.processor import Settings
from tests.integration.kafka.whole_log import assert_as_if_nothing_had_happened, fill_log
from tests.support.eventually import eventually, soon

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
PARTITIONS = 3
POINTS = ("outputs_acknowledged", "changelog_acknowledged", "position_noted")
PLENTY_S = 120.0


@pytest.fixture
def suffix() -> str:
    return uuid4().hex[:8]


@pytest.fixture
async def topics(connection: KafkaConnection, suffix: str) -> Topics:
    return await migrated(connection, topics_named(suffix, partitions=PARTITIONS))


@pytest.fixture
async def full_log(connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> None:
    await fill_log(connection, topics, producer)


async def started(settings: Settings) -> Process:
    """Start a process that works on the log."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.kafka.processor", msgspec.json.encode(settings).decode()
    )


async def ended(settings: Settings) -> int:
    """Run such a process to its end; return its exit status, negative for a signal."""
    process = await started(settings)
    return await soon(process.wait(), PLENTY_S)


def state_of(process: Process) -> str:
    """Return ``T`` if ``process`` is stopped (proc(5), stat)."""
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.mark.usefixtures("full_log")
async def test_a_kill_at_each_point_changes_no_output(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer, suffix: str
) -> None:
    settings = Settings(connection.bootstrap, suffix, PARTITIONS, "processor-0")
    for point in POINTS:
        for passing in (1, 3):
            dying = msgspec.structs.replace(settings, point=point, passing=passing)
            assert await ended(dying) == -signal.SIGKILL
    assert await ended(settings) == 0
    await assert_as_if_nothing_had_happened(connection, topics, producer)


@pytest.mark.usefixtures("full_log")
@pytest.mark.parametrize("point", POINTS)
async def test_an_owner_that_wakes_up_after_its_partitions_went_to_another_changes_no_output(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer, suffix: str, point: str
) -> None:
    settings = Settings(connection.bootstrap, suffix, PARTITIONS, session_s=2.0)
    paused = await started(msgspec.structs.replace(settings, point=point, passing=2, signal_number=signal.SIGSTOP))

    async def state() -> str:
        return state_of(paused)

    await eventually(state, "T", PLENTY_S)
    assert await ended(settings) == 0
    paused.send_signal(signal.SIGCONT)
    assert await soon(paused.wait(), PLENTY_S) == 0
    await assert_as_if_nothing_had_happened(connection, topics, producer)


@pytest.mark.usefixtures("full_log")
async def test_partitions_that_move_between_replicas_change_no_output(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer, suffix: str
) -> None:
    settings = Settings(connection.bootstrap, suffix, PARTITIONS, session_s=2.0, batch=3)
    replicas = [await started(settings)]
    for _ in range(2):
        await asyncio.sleep(0.3)
        replicas.append(await started(settings))
    replicas[0].send_signal(signal.SIGKILL)
    assert await soon(replicas[1].wait(), PLENTY_S) == 0
    assert await soon(replicas[2].wait(), PLENTY_S) == 0
    await soon(replicas[0].wait(), PLENTY_S)
    await assert_as_if_nothing_had_happened(connection, topics, producer)
