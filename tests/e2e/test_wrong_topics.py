"""A connector that cannot begin, since a topic is not there: it says so in the list too, and not only in its log."""

import asyncio
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from msgspec.structs import fields

from stadtfunk.container.distributed import Distributed
from stadtfunk.settings import read_settings
from stadtfunk.settings.model import TopicNames
from tests.e2e.command import command
from tests.e2e.ulm import toml
from tools.services.address import KafkaAddress

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


def settings(folder: Path, kafka: KafkaAddress, name: str, **otherwise: str) -> Path:
    """Return settings with a connector, and topics of which some are named ``otherwise``."""
    topics = {each.name: f"{name}-{each.default}" for each in fields(TopicNames)} | otherwise
    file = folder / f"{uuid4().hex[:6]}.toml"
    connector: dict[str, object] = {"name": "water-csv", "kind": "water_to_csv", "folder": str(folder)}
    of_kafka: dict[str, object] = {"bootstrap": kafka.bootstrap, "partitions": 1, "topics": topics}
    file.write_text(toml({"kafka": of_kafka, "connectors": [connector]}))
    return file


async def migrated(config: Path) -> None:
    """Make the topics."""
    async with Distributed(settings=read_settings(config, {})).topics_migration() as migration:
        await migration.migrate()


@pytest.fixture
def right(tmp_path: Path, kafka: KafkaAddress) -> tuple[Path, str]:
    """Return settings whose topics are all there, and how they begin."""
    name = f"topics{uuid4().hex[:8]}"
    config = settings(tmp_path, kafka, name)
    asyncio.run(migrated(config))
    return config, name


def test_a_topic_that_is_missing_is_why_its_connectors_have_failed(
    tmp_path: Path, kafka: KafkaAddress, right: tuple[Path, str]
) -> None:
    config, name = right
    assert command("connect", "--config", settings(tmp_path, kafka, name, observations="obsrevations")).code == 78
    status = command("connectors", "status", "--json", "--config", config)
    shown = msgspec.json.decode(status.out)
    assert (status.code, shown["state"], shown["trouble"]) == (1, "FAILED", "failed")
    assert shown["last_error"] == "topic 'obsrevations' is missing: run `stadtfunk migrate`"


def test_a_topic_of_reports_that_is_missing_is_not_made_by_reporting_it(
    tmp_path: Path, kafka: KafkaAddress, right: tuple[Path, str]
) -> None:
    wrong = settings(tmp_path, kafka, right[1], connectors=f"{right[1]}-konnectors")
    for _ in range(2):
        ended = command("connect", "--config", wrong)
        assert (ended.code, ended.last_line) == (
            78,
            f"topic '{right[1]}-konnectors' is missing: run `stadtfunk migrate`",
        )
