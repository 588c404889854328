"""Files of devices and readings come in while their process is killed again and again: as if nobody had."""

import asyncio
import csv
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from msgspec.structs import fields

from adapters.csv.file_memory import InHand
from application.all_pages import all_records
from application.ports.reading_query import ReadingFilter
from domain.device import DeviceEntry
from domain.identifiers import DevEui
from domain.rfc3339 import format_rfc3339
from stadtfunk.container.distributed import Distributed
from stadtfunk.settings import read_settings
from stadtfunk.settings.model import TopicNames
from tests.contract.row_source import dev_eui_of
from tests.e2e.role import Role, done
from tests.integration.cassandra.conftest import settings_for
from tests.integration.cassandra.cql import cql
from tests.support.builders import NOON_NS, NS
from tests.support.eventually import until
from tools.services.address import CassandraAddress, KafkaAddress

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
DEVICES = 40
EACH = 100
"""Readings of a device."""
BAD = (3, 777, 1_999)
"""Lines of readings that mean nothing."""
LINES = (400, 900, 1_400, 2_400, 3_400)
"""How far the readings are stored when their process is killed."""
_EVER = ReadingFilter(-(2**62), 2**62)


class Files:
    """Two folders, and a platform that looks at them."""

    def __init__(self, folder: Path, kafka: KafkaAddress, cassandra: CassandraAddress) -> None:
        self.folder = folder
        self.name = f"files{uuid4().hex[:8]}"
        self.config = folder / "stadtfunk.toml"
        topics = "\n".join(f'{each.name} = "{self.name}-{each.default}"' for each in fields(TopicNames))
        connectors = "\n".join(
            f'[[connectors]]\nname = "{name}"\nkind = "{kind}"\npath = "{folder / name}"\nsettle_s = 0.0\nevery_s = 0.2'
            for name, kind in (("devices", "registry_from_csv"), ("readings", "readings_from_csv"))
        )
        self.config.write_text(
            f'[kafka]\nbootstrap = "{kafka.bootstrap}"\npartitions = 2\n[kafka.topics]\n{topics}\n'
            f'[cassandra]\ncontact_points = ["{cassandra.host}"]\nport = {cassandra.port}\n'
            f'local_dc = "{cassandra.datacenter}"\nkeyspace = "{self.name}"\n{connectors}\n',
            encoding="utf-8",
        )
        for name in ("devices", "readings"):
            (folder / name).mkdir()

    def bring(self) -> None:
        """Put a file into each folder."""
        self._write("devices", ["dev_eui", "zone"], [[dev_eui_of(each), f"zone-{each}"] for each in range(DEVICES)])
        rows = [self._reading(number) for number in range(DEVICES * EACH)]
        self._write("readings", ["device", "time", "measurand", "value"], rows)

    def are_done(self) -> bool:
        """Say whether both files were put away."""
        return all((self.folder / name / "done" / f"{name}.csv").exists() for name in ("devices", "readings"))

    def line(self) -> int:
        """Return how far the readings are stored."""
        path = self.folder / "readings" / ".readings.in-hand.json"
        known = msgspec.json.decode(path.read_bytes(), type=InHand | None) if path.exists() else None
        return known.line if known is not None else 0

    def rejected(self) -> list[int]:
        """Return the lines of rejected readings."""
        with (self.folder / "readings" / "done" / "readings.rejected.csv").open(encoding="utf-8") as file:
            return [int(row["line"]) for row in csv.DictReader(file)]

    def _reading(self, number: int) -> list[str]:
        time = format_rfc3339(NOON_NS + number // DEVICES * 900 * NS)
        value = "much" if number in BAD else f"{number}.5"
        return [dev_eui_of(number % DEVICES), time, "water.volume", value]

    def _write(self, name: str, columns: list[str], rows: list[list[str]]) -> None:
        unfinished = self.folder / name / f"{name}.csv.part"
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([columns, *rows])
        unfinished.rename(self.folder / name / f"{name}.csv")


@pytest.fixture
def files(tmp_path: Path, kafka: KafkaAddress, cassandra: CassandraAddress) -> Iterator[Files]:
    files = Files(tmp_path, kafka, cassandra)
    with ExitStack() as cleaning:
        done(tmp_path, "migrate", "--config", str(files.config))
        cleaning.callback(cql, settings_for(cassandra, files.name), "DROP KEYSPACE {keyspace}")
        yield files


async def test_whatever_is_killed_every_row_is_stored_and_every_bad_one_told_once(files: Files) -> None:
    files.bring()
    connect = Role(files.folder, "connect", "--config", str(files.config))
    killed: list[int] = []
    for line in LINES:
        with connect:
            await until(lambda line=line: files.line() >= line or files.are_done(), 120.0)  # type: ignore[misc]
        killed.append(files.line())
    assert killed[0] in range(400, DEVICES * EACH), "it must be killed in the middle"
    with connect:
        await until(files.are_done, 120.0)
        assert await asyncio.to_thread(connect.end) == 0, connect.said()
    assert files.rejected() == [line + 2 for line in BAD]
    container = Distributed(settings=read_settings(files.config, {}))
    async with container.session():
        entries = await all_records(container.registry(), DeviceEntry)
        assert {entry.dev_eui: entry.zone for entry in entries} == {
            dev_eui_of(each): f"zone-{each}" for each in range(DEVICES)
        }
        for device in range(DEVICES):
            found = await container.readings().page(DevEui(dev_eui_of(device)), _EVER, size=1_000)
            values = sorted(str(each.reading.value) for each in found)
            good = [number for number in range(device, DEVICES * EACH, DEVICES) if number not in BAD]
            assert values == sorted(str(number * 1_000 + 500) for number in good), device
