"""The folder of the embedded platform: found again after a restart, guarded against a second, refused if foreign."""

import asyncio
import socket
import sqlite3
from collections import defaultdict
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from shutil import copytree

import pytest

from adapters.grpc.client import GrpcClient
from application.errors import Unavailable
from domain.device import Device
from domain.observation import MEASURANDS
from domain.observation.measurand import Kind
from tests.e2e.command import Ended, command
from tests.e2e.platform import Platform, embedded
from tests.support.eventually import eventually, until
from tools.services.ports import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

Readings = dict[tuple[str, str, str, int], object]
"""Values by device, measurand, channel and event time."""

_CITY = """[[sources]]
kind = "simulated_city"
devices = 20
rate = 200.0
# A city that is started again has forgotten them, and registers would fall.
exchanges = 0.0
leaks = 0.0
faults = 0.0
"""


def run(folder: Path, *words: object) -> Ended:
    """Run the embedded platform over ``folder`` until it gives up."""
    return command("run", "--data", folder, "--port", free_port(), *words)


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that a platform has worked in, and left."""
    folder = tmp_path_factory.mktemp("left")
    with embedded(folder, _CITY) as platform:
        asyncio.run(until(lambda: "frames received" in platform.roles[0].said()))
        assert platform.roles[0].end() == 0
    return folder / "data"


@pytest.fixture
def used(tmp_path: Path, left: Path) -> Path:
    """A copy of it."""
    return copytree(left, tmp_path / "used")


def _left(data: Path) -> set[str]:
    """Return the devices that the platform had registered: all but lamps that have no power by day."""
    with closing(sqlite3.connect(data / "stadtfunk.db")) as connection:
        devices = {dev_eui for (dev_eui,) in connection.execute("SELECT dev_eui FROM devices")}
    assert devices
    return devices


async def test_a_restart_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with embedded(tmp_path, _CITY) as platform:
        (role,) = platform.roles
        await until(lambda: role.said().count("frames received") > 2)
        assert role.end() == 0
        role.start()
        devices, before = await _served(platform, least=1)
        role.kill()
        role.start()
        devices_again, after = await _served(platform, least=len(before) + 1)
    assert devices_again == devices
    assert before.items() <= after.items()
    assert _backwards(after) == []


async def test_what_was_registered_and_read_is_there_at_once_after_a_restart(tmp_path: Path, used: Path) -> None:
    silent = '[[sources]]\nkind = "simulated_city"\ndevices = 20\nrate = 0.01\n'
    left = _left(used)
    with embedded(tmp_path, silent, data=used) as platform:
        devices, readings = await _served(platform, least=20)
    assert {device.dev_eui for device in devices} >= left  # and who stood in the log only, when the first one ended
    assert {dev_eui for dev_eui, *_ in readings} == {device.dev_eui for device in devices}


def _city_named(name: str, outage: str) -> str:
    times = 'since = "2026-01-01T12:00:00Z"\nuntil = "2026-01-01T13:00:00Z"\n'
    city = f'[[sources]]\nname = "{name}"\nkind = "simulated_city"\ndevices = 5\nrate = 0.01\n'
    return f'{city}[[losses.outages]]\nsource = "{outage}"\n{times}'


def test_outages_of_a_source_that_was_taken_away_still_count(tmp_path: Path, used: Path) -> None:
    with embedded(tmp_path, _city_named("ulm", outage="city"), data=used) as platform:
        (role,) = platform.roles
        asyncio.run(until(lambda: "gRPC on" in role.said()))
        assert "WARNING losses.outages[0].source = 'city': no source has that name any more" in role.said()
        assert role.end() == 0


def test_an_outage_of_a_source_that_nobody_ever_heard_is_a_mistake(tmp_path: Path, used: Path) -> None:
    config = tmp_path / "stadtfunk.toml"
    config.write_text(_city_named("ulm", outage="citty"))
    for ended in (
        run(used, "--config", config),
        command("recount", next(iter(_left(used))), "--data", used, "--config", config),
    ):
        assert ended.code == 2
        assert "losses.outages[0].source = 'citty': no source has that name, and none ever had" in ended.last_line


def test_a_second_instance_on_the_same_folder(tmp_path: Path) -> None:
    with embedded(tmp_path, _CITY) as platform:
        asyncio.run(until(lambda: "gRPC on" in platform.roles[0].said()))
        ended = run(tmp_path / "data")
        assert platform.roles[0].is_running
        assert ended.code == 2
        said = f"another stadtfunk (pid {platform.roles[0].pid}) uses folder {tmp_path / 'data'}: end it"
        assert said in ended.last_line


def test_a_taken_port(tmp_path: Path) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        ended = command("run", "--data", tmp_path / "data", "--port", port)
    assert ended.code == 2
    assert f"127.0.0.1:{port} is taken by another process: end it, or set another grpc.port" in ended.last_line


def test_an_address_that_is_open_to_others_needs_tls_or_consent(tmp_path: Path) -> None:
    config = tmp_path / "stadtfunk.toml"
    config.write_text('[grpc]\nhost = "0.0.0.0"\n')
    ended = run(tmp_path / "data", "--config", config)
    assert ended.code == 2
    assert "or allow it with --insecure" in ended.last_line


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/nowhere"])
def test_a_folder_that_cannot_be_made(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("no folder")
    ended = run(tmp_path / place)
    assert ended.code == 69
    assert str(tmp_path / place) in ended.last_line
    assert "belongs to this user" in ended.last_line


@pytest.mark.parametrize("file", ["uplinks.db", "stadtfunk.db"])
def test_a_folder_of_a_newer_version_is_left_as_it_is(used: Path, file: str) -> None:
    with closing(sqlite3.connect(used / file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = (used / file).read_bytes()
    for ended in (run(used), command("dead-letters", "list", "--data", used)):
        assert ended.code == 78
        assert f"{used / file} has schema version 99, this one reads" in ended.last_line
        assert "start the stadtfunk that wrote it" in ended.last_line
    assert (used / file).read_bytes() == before


@pytest.mark.parametrize("file", ["uplinks.db", "stadtfunk.db"])
def test_a_file_that_is_none_of_ours(used: Path, file: str) -> None:
    (used / file).write_bytes(b"no database at all" * 1_000)
    ended = run(used)
    assert ended.code == 78
    assert f"{used / file}: file is not a database" in ended.last_line
    assert "restore it from the backup, or move it away" in ended.last_line


def test_results_of_another_log(used: Path) -> None:
    (used / "uplinks.db").rename(used / "elsewhere.db")
    ended = run(used)
    assert ended.code == 78
    assert "of another log than" in ended.last_line
    assert "move stadtfunk.db away to compute it anew" in ended.last_line


def test_results_that_were_lost_are_computed_anew_from_the_log(tmp_path: Path, used: Path) -> None:
    left = _left(used)
    (used / "stadtfunk.db").unlink()
    with embedded(tmp_path, _CITY, data=used) as platform:
        devices, _ = asyncio.run(_served(platform, least=20))
        assert {device.dev_eui for device in devices} >= left
        assert platform.roles[0].end() == 0


def test_no_data_to_look_at(tmp_path: Path) -> None:
    for words in (("list",), ("show", "x")):
        ended = command("dead-letters", *words, "--data", tmp_path)
        assert ended.code == 2
        assert f"{tmp_path} holds no data of stadtfunk" in ended.last_line


async def _served(platform: Platform, least: int) -> tuple[list[Device], Readings]:
    """Return all devices and readings, once there are ``least`` readings."""
    async with platform.client() as client:
        found: tuple[list[Device], Readings] = [], {}

        async def probe() -> bool:
            nonlocal found
            try:
                devices = await client.list_devices(limit=100)
                found = devices, await _readings(client, devices)
            except Unavailable:  # not yet started
                return False
            return len(found[1]) >= least

        await eventually(probe, expected=True)
    return found


async def _readings(client: GrpcClient, devices: list[Device]) -> Readings:
    if not devices:
        return {}
    chunks = client.query_readings([device.dev_eui for device in devices])
    return {
        (each.dev_eui, each.reading.measurand, each.reading.channel, each.event_ns): each.reading.value
        async for chunk in chunks
        for each in chunk
    }


def _backwards(readings: Readings) -> list[object]:
    """Return what registers stood at before they went backwards: nothing, if all is well."""
    registers: dict[object, list[tuple[int, int]]] = defaultdict(list)
    for (device, measurand, channel, event_ns), value in readings.items():
        if MEASURANDS[measurand].kind is Kind.REGISTER:
            assert isinstance(value, int)
            registers[device, measurand, channel].append((event_ns, value))
    assert registers
    return [
        (register, earlier, later)
        for register, values in registers.items()
        for (_, earlier), (_, later) in pairwise(sorted(values))
        if later < earlier
    ]
