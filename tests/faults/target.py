"""The two platforms as targets of faults: processes under supervision, and where the end of the chain shows."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from adapters.grpc.client import GrpcClient
from application.ports.dead_letters import DeadLetter
from stadtfunk.container.distributed import Distributed
from stadtfunk.container.embedded import Embedded
from stadtfunk.settings import read_settings
from tests.e2e.platform import ROLES, SESSION_S, distributed_settings, embedded_settings, source, unused_name
from tests.e2e.role import done
from tests.faults.availability import Watch
from tests.faults.process import Process
from tests.faults.servers import Servers
from tests.support.eventually import until
from tools.services.mosquitto import Mosquitto
from tools.services.ports import free_port

__all__ = ["ROLES", "SESSION_S", "Target", "distributed_target", "embedded_target"]

_TOPICS = ("v3/+/devices/+/up", "v3/+/devices/+/join")
_ALL = 1_000_000
_OFTEN = "every_s = 0.2"
"""How often a role says how far it is: with it we know to a fifth of a second when something went through."""
_START_S = 120.0
_PATIENT_S = 60.0
"""Who judges waits for an answer, however busy the machine is."""
_ROWS = r"sink: in \d+ = out (\d+)"
_FRAMES = r"frames received (\d+)"


class Target:
    """A platform that runs."""

    def __init__(
        self,
        name: str,
        config: Path,
        port: int,
        processes: Sequence[Process],
        broker: Mosquitto,
        letters: Callable[[], Awaitable[Sequence[DeadLetter]]],
    ) -> None:
        self.name = name
        self.config = config
        self.folder = config.parent
        self.port = port
        self.processes = {each.name: each for each in processes}
        self.broker = broker
        self.letters = letters
        """All dead letters."""
        self.is_spoilt = False
        """An experiment failed: what comes after should not start from what it left."""

    def __getitem__(self, name: str) -> Process:
        """Return the process of a role."""
        return self.processes[name]

    def client(self) -> GrpcClient:
        """Return a client of its API."""
        return GrpcClient(f"127.0.0.1:{self.port}", call_s=_PATIENT_S)

    def watch(self) -> Watch:
        """Return who looks for how long nothing goes through."""
        last, pattern = ("sink", _ROWS) if "sink" in self.processes else ("run", _FRAMES)
        return Watch(self.folder / f"{last}.log", pattern, lambda: GrpcClient(f"127.0.0.1:{self.port}", call_s=2.0))

    def is_at_rest(self) -> bool:
        """Say whether every record that a stage took in has been accounted for."""
        laws = [law for each in self.processes.values() for law in each.laws().values()]
        return all(law["in flight"] == 0 for law in laws)

    def start(self) -> None:
        """Start all processes, and return when they work."""
        for each in self.processes.values():
            each.start()
        asyncio.run(until(lambda: all(_works(each) for each in self.processes.values()), _START_S))

    def end(self) -> None:
        """Kill what runs."""
        for each in self.processes.values():
            if each.is_running:
                each.kill()


@contextmanager
def distributed_target(folder: Path, servers: Servers, *more: str) -> Iterator[Target]:
    """Run all roles, with topics and a keyspace of their own."""
    port, broker, config = free_port(), servers.mosquitto(), folder / "distributed.toml"
    where = servers.kafka_address, servers.cassandra_address
    settings = distributed_settings(unused_name(), port, *where, copies=servers.copies)
    config.write_text(_talkative(settings) + source(broker.host, broker.port, *_TOPICS) + "".join(more))
    done(folder, "migrate", "--config", str(config))
    container = Distributed(settings=read_settings(config, {}))
    letters = container.dead_letters()
    roles = [Process(folder, role, "--config", str(config)) for role in ROLES]
    target = Target("distributed", config, port, roles, broker, lambda: letters.list(limit=_ALL))
    try:
        target.start()
        yield target
    finally:
        target.end()


@contextmanager
def embedded_target(folder: Path, servers: Servers, *more: str, data: Path | None = None) -> Iterator[Target]:
    """Run the embedded platform over a folder of its own."""
    port, broker, config = free_port(), servers.mosquitto(), folder / "embedded.toml"
    settings = _talkative(embedded_settings(data or folder / "data", port))
    config.write_text(settings + source(broker.host, broker.port, *_TOPICS) + "".join(more))

    async def letters() -> Sequence[DeadLetter]:
        container = Embedded(settings=read_settings(config, {}))
        async with container.reading_only():
            return await container.dead_letters().list(limit=_ALL)

    target = Target("embedded", config, port, [Process(folder, "run", "--config", str(config))], broker, letters)
    try:
        target.start()
        yield target
    finally:
        target.end()


def _talkative(settings: str) -> str:
    assert "every_s = 1.0" in settings
    return settings.replace("every_s = 1.0", _OFTEN)


def _works(process: Process) -> bool:
    said = process.said()
    return "subscribed" in said or (process.name not in ("ingest", "run") and "started" in said)
