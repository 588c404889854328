"""A full disk ends the embedded platform with one clear line; with room again it goes on, and nothing is lost."""

import asyncio
import errno
import resource
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.grpc.client import GrpcClient
from application.errors import ApplicationError
from tests.e2e.command import command
from tests.e2e.platform import embedded, embedded_settings, source
from tests.e2e.role import Role
from tests.e2e.truth import Truth, poison_of, read_truth, served_frames, served_readings
from tests.services.fixtures import MosquittoFactory
from tests.support.eventually import eventually, until
from tools.services.ports import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

_UPLINKS, _DEVICES, _RATE = 6_000, 100, 1_500
_BLOCK = bytes(1 << 16)
_TOPICS = ("v3/+/devices/+/up", "v3/+/devices/+/join")


class Disk:
    """A file system of its own where we may mount one; else the system's limit on files stands in for its end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        mount = ["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", str(folder)]
        self.is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0

    def fill(self, role: Role) -> None:
        """Leave no room for what ``role`` writes."""
        if not self.is_mounted:
            resource.prlimit(role.pid, resource.RLIMIT_FSIZE, (1 << 16, resource.RLIM_INFINITY))
            return
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            try:
                while filler.write(_BLOCK):
                    pass
            except OSError as error:
                assert error.errno == errno.ENOSPC  # noqa: PT017  nothing else may end it

    def free(self) -> None:
        """Make room."""
        (self.folder / "filler").unlink(missing_ok=True)

    def unmount(self) -> None:
        """Give it back."""
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)  # noqa: S607  as for mount


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk that may become full without anybody else noticing."""
    folder = tmp_path / "disk"
    folder.mkdir()
    disk = Disk(folder)
    yield disk
    disk.unmount()


async def test_a_full_disk_ends_it_and_a_restart_with_room_loses_nothing(
    tmp_path: Path, disk: Disk, mosquitto_factory: MosquittoFactory
) -> None:
    broker = mosquitto_factory("max_queued_messages 100000", "max_inflight_messages 500")
    truth_file = tmp_path / "truth.jsonl"
    with embedded(tmp_path, source(broker.host, broker.port, *_TOPICS), data=disk.folder / "data") as platform:
        (role,) = platform.roles
        await until(lambda: "subscribed" in role.said())
        with _simulation(tmp_path, f"mqtt://{broker.host}:{broker.port}", truth_file) as simulation:
            await until(lambda: _processed(role) > 0)
            disk.fill(role)
            assert await asyncio.to_thread(role.wait, 60) == 69, role.said()
            said = [line for line in role.said().splitlines() if line.startswith("stadtfunk: ")]
            assert await asyncio.to_thread(simulation.wait, 60) == 0
        assert len(said) == 1
        assert str(disk.folder) in said[0]
        assert "free space" in said[0]
        assert "Traceback" not in role.said()
        disk.free()
        role.start()
        truth = read_truth(truth_file)
        async with platform.client() as client:
            await eventually(lambda: _frames(client, truth), expected=truth.frames, deadline_s=90)
            assert await served_readings(client, truth) == truth.reading_keys
        assert role.end() == 0
        assert poison_of(list(await platform.dead_letters())) == Counter(each.topic for each in truth.poison)


def test_no_room_at_the_start_is_said_at_once(tmp_path: Path) -> None:
    config = tmp_path / "stadtfunk.toml"
    config.write_text(embedded_settings(tmp_path / "data", free_port()))
    ended = command("run", "--config", config, before=("prlimit", "--fsize=4096"))
    assert ended.code == 69
    assert str(tmp_path / "data") in ended.last_line
    assert "free space" in ended.last_line


def _simulation(folder: Path, broker: str, truth_file: Path) -> Role:
    size = ("--rate", str(_RATE), "--devices", str(_DEVICES), "--uplinks", str(_UPLINKS))
    return Role(folder, "simulate", "--mqtt", broker, *size, "--qos", "1", "--truth", str(truth_file))


def _processed(role: Role) -> int:
    """Return how many frames it said it has received."""
    received = [line.split("frames received ")[1].split()[0] for line in role.said().splitlines() if "received" in line]
    return int(received[-1]) if received else 0


async def _frames(client: GrpcClient, truth: Truth) -> dict[str, tuple[int, int, int, int, int, int]]:
    try:
        return await served_frames(client, truth)
    except ApplicationError:
        return {}
