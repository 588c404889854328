"""Real processes that write results to files and are killed: every row stands there exactly once."""

import asyncio
import csv
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from pathlib import Path
from random import Random
from uuid import uuid4

import msgspec
import pytest

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.derived_records import derived_lots
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from application.processing.outcome import Outcome
from domain.rfc3339 import format_rfc3339
from tests.contract.row_source import dev_eui_of
from tests.integration.kafka.clients import migrated, topics_named
from tests.integration.kafka.file_sink import Settings
from tests.support.builders import NOON_NS, NS, a_reading, an_observation
from tests.support.eventually import soon
from tools.services.address import KafkaAddress

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
PARTITIONS = 3
EACH = 2_000
"""Observations of a partition, every second one about water."""
ROUNDS = 4
POINTS = [
    ("file_noted", 1),
    ("rows_durable", 1),
    ("rows_durable", 2),
    ("place_kept", 1),
    ("place_kept", 2),
]
Rows = Counter[tuple[str, str, str]]


@pytest.fixture
def suffix() -> str:
    return uuid4().hex[:8]


@pytest.fixture
async def topics(connection: KafkaConnection, suffix: str) -> Topics:
    return await migrated(connection, topics_named(suffix, partitions=PARTITIONS))


def outcome_of(partition: int, round_: int) -> Outcome:
    """Return some observations of three devices."""
    events = []
    for number in range(round_ * EACH // ROUNDS, (round_ + 1) * EACH // ROUNDS):
        reading = a_reading("water.volume", "", number, -3) if number % 2 else a_reading()
        device = dev_eui_of(10 * partition + number % 3)
        events.append(an_observation(reading, dev_eui=device, event_ns=NOON_NS + number * NS, f_cnt=number))
    return Outcome(observations=events)


@pytest.fixture
async def settings(
    kafka: KafkaAddress, topics: Topics, suffix: str, producer: BatchProducer, tmp_path: Path
) -> Settings:
    """What a process is told that writes all there is."""
    for round_ in range(ROUNDS):
        for partition in range(PARTITIONS):
            await producer.send(derived_lots(outcome_of(partition, round_), partition, topics))
    ends = {f"{topics.observations}/{partition}": EACH for partition in range(PARTITIONS)}
    return Settings(kafka.bootstrap, suffix, PARTITIONS, str(tmp_path), ends)


def expected() -> Rows:
    """Return device, time and value of every row there must be."""
    return Counter(
        (each.dev_eui, format_rfc3339(each.event_ns), f"{each.f_cnt / 1_000:.3f}")
        for partition in range(PARTITIONS)
        for round_ in range(ROUNDS)
        for each in outcome_of(partition, round_).observations
        if each.f_cnt % 2
    )


def written(folder: str) -> Rows:
    """Return what stands in the files."""
    rows: Rows = Counter()
    for path in sorted(Path(folder).glob("water-csv-*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows.update((row["device"], row["time"], row["value"]) for row in csv.DictReader(file))
    return rows


async def started(settings: Settings) -> Process:
    """Start a process that writes."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.kafka.file_sink",
        msgspec.json.encode(settings).decode(),
        stderr=PIPE,
    )


async def ended(settings: Settings) -> tuple[int, str]:
    """Run such a process to its end; return its exit status and what it said."""
    process = await started(settings)
    _, said = await soon(process.communicate(), 90.0)
    return process.returncode or 0, said.decode()


@pytest.mark.parametrize("point,passing", POINTS)
async def test_killed_at_a_point_every_row_stands_there_once(settings: Settings, point: str, passing: int) -> None:
    status, _ = await ended(msgspec.structs.replace(settings, point=point, passing=passing))
    assert status == -9
    assert await ended(settings) == (0, "")
    assert written(settings.folder) == expected()


async def test_killed_again_and_again_at_any_moment_every_row_stands_there_once(settings: Settings) -> None:
    random, kills = Random(11), 0
    while True:
        process = await started(settings)
        try:
            async with asyncio.timeout(random.uniform(0.8, 2.0) * (1 + kills / 4)):
                await process.communicate()
            assert process.returncode == 0
            break
        except TimeoutError:
            process.kill()
            await process.communicate()
            kills += 1
    assert written(settings.folder) == expected()


async def test_on_a_full_disk_it_says_so_and_nothing_is_lost_or_twice(settings: Settings) -> None:
    status, said = await ended(msgspec.structs.replace(settings, most_bytes=50_000))
    assert status == 69
    assert "free space there" in said
    assert await ended(settings) == (0, "")
    assert written(settings.folder) == expected()
