"""Both platforms, as an operator starts them: a settings file, its processes, and what may be asked of them."""

from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from msgspec import Struct
from msgspec.structs import fields

from adapters.grpc.client import GrpcClient
from application.ports.dead_letters import DeadLetter
from stadtfunk.container.distributed import Distributed
from stadtfunk.container.embedded import Embedded
from stadtfunk.settings import read_settings
from stadtfunk.settings.model import TopicNames
from tests.e2e.command import said_here
from tests.e2e.role import Role
from tools.services.address import CassandraAddress, KafkaAddress
from tools.services.ports import free_port

ROLES = ("ingest", "process", "sink", "serve")
PARTITIONS = 2
SESSION_S = 6
"""How long a group waits for a member that was killed; Kafka allows no less."""
_ALL = 100_000


class Platform(Struct):
    """One that runs."""

    config: Path
    port: int
    roles: list[Role]
    letters: tuple[str, ...]
    """Words after ``dead-letters list`` that name its dead letters."""
    dead_letters: Callable[[], Coroutine[None, None, Sequence[DeadLetter]]]
    """All of them."""

    def client(self) -> GrpcClient:
        """Return a client of its API."""
        return GrpcClient(f"127.0.0.1:{self.port}")


def source(host: str, port: int, *topics: str, **more: object) -> str:
    """Return the settings of a source that gives nothing up."""
    settings: dict[str, object] = {
        "name": "swu",
        "host": host,
        "port": port,
        "tls": False,
        "qos": 1,
        "client_id": f"e2e-{uuid4().hex[:8]}",
        "topics": list(topics),
        **more,
    }
    return "[[sources]]\n" + "\n".join(f"{name} = {_toml(value)}" for name, value in settings.items()) + "\n"


def embedded_settings(folder: Path, port: int) -> str:
    """Return where the embedded platform keeps its data, and where it serves."""
    return f'[data]\nfolder = "{folder}"\n[grpc]\nport = {port}\n[log]\nevery_s = 1.0\n'


def distributed_settings(
    name: str, port: int, kafka: KafkaAddress, cassandra: CassandraAddress, *, copies: int = 1
) -> str:
    """Return topics, groups and a keyspace that are called ``name``, which nobody else uses."""
    topics = "\n".join(f'{each.name} = "{name}-{each.default}"' for each in fields(TopicNames))
    return f"""
[grpc]
port = {port}
[log]
every_s = 1.0
[kafka]
bootstrap = "{kafka.bootstrap}"
partitions = {PARTITIONS}
replication_factor = {copies}
process_group = "{name}-process"
sink_group = "{name}-sink"
instance_id = "{name}"
session_timeout_s = {SESSION_S}
[kafka.topics]
{topics}
[cassandra]
contact_points = {_toml(cassandra.host.split(","))}
port = {cassandra.port}
local_dc = "{cassandra.datacenter}"
replication_factor = {copies}
keyspace = "e2e_{name}"
"""


def unused_name() -> str:
    """Return a name for topics, groups and a keyspace."""
    return f"bad{uuid4().hex[:8]}"


@contextmanager
def embedded(folder: Path, *more: str, data: Path | None = None) -> Iterator[Platform]:
    """Run the embedded platform with the settings ``more``."""
    port = free_port()
    config = folder / "embedded.toml"
    config.write_text(embedded_settings(data or folder / "data", port) + "".join(more))
    with Role(folder, "run", "--config", str(config)) as role:
        container = Embedded(settings=read_settings(config, {}))

        async def letters() -> Sequence[DeadLetter]:
            async with container.reading_only():
                return await container.dead_letters().list(limit=_ALL)

        yield Platform(config, port, [role], (), letters)


@contextmanager
def distributed(folder: Path, kafka: KafkaAddress, cassandra: CassandraAddress, *more: str) -> Iterator[Platform]:
    """Run all roles with the settings ``more``."""
    port = free_port()
    config = folder / "distributed.toml"
    config.write_text(distributed_settings(unused_name(), port, kafka, cassandra) + "".join(more))
    said_here("migrate", "--config", config)
    with ExitStack() as running:
        roles = [running.enter_context(Role(folder, role, "--config", str(config))) for role in ROLES]
        letters = Distributed(settings=read_settings(config, {})).dead_letters()
        yield Platform(config, port, roles, ("--kafka",), lambda: letters.list(limit=_ALL))


def asked_for(request: pytest.FixtureRequest, folder: Path, *more: str) -> AbstractContextManager[Platform]:
    """Return the platform that is the parameter of a fixture, ``embedded`` or ``distributed``; servers on demand."""
    if request.param == "embedded":
        return embedded(folder, *more)
    return distributed(folder, request.getfixturevalue("kafka"), request.getfixturevalue("cassandra"), *more)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)
