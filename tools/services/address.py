"""Where each server is: given in the environment, in Docker where an engine answers, else started by us."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple, Self

from tools.services.cassandra import Cassandra
from tools.services.kafka import Kafka
from tools.services.mosquitto import Mosquitto
from tools.services.workspace import workspace

VARIABLES = {
    "kafka": "STADTFUNK_TEST_KAFKA",
    "cassandra": "STADTFUNK_TEST_CASSANDRA",
    "mosquitto": "STADTFUNK_TEST_MQTT",
}
"""The variables that give an address; the same text that ``address`` yields."""


class KafkaAddress(NamedTuple):
    """A Kafka cluster."""

    bootstrap: str
    """``host:port``, several with commas."""


class CassandraAddress(NamedTuple):
    """A Cassandra cluster."""

    host: str
    """Of a node; several with commas."""
    port: int
    datacenter: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``host:port/datacenter``; the data centre may be left out where it is ``datacenter1``."""
        where, _, datacenter = text.partition("/")
        host, _, port = where.rpartition(":")
        return cls(host, int(port), datacenter or "datacenter1")


class MqttAddress(NamedTuple):
    """An MQTT broker without TLS."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``host:port``."""
        host, _, port = text.rpartition(":")
        return cls(host, int(port))


@contextmanager
def address(name: str, *, one_copy: bool = True) -> Iterator[str]:
    """Yield the address of the server ``name``, which is there until the end of the ``with``.

    ``one_copy`` is told to a node of Cassandra that we start.

    Raises:
        ServiceUnavailable: it cannot be had, and why.
    """
    if given := os.environ.get(VARIABLES[name]):
        yield given
    elif _docker_answers():
        from tools.services.docker import container  # noqa: PLC0415  # half a second that nobody else should pay

        with container(name) as contained:
            yield contained
    else:
        with workspace() as folder, _own(name, folder, one_copy=one_copy) as started:
            yield started


@cache
def _docker_answers() -> bool:
    docker = shutil.which("docker")
    if docker is None:
        return False
    return subprocess.run([docker, "info"], capture_output=True, check=False, timeout=60).returncode == 0


def _own(name: str, folder: Path, *, one_copy: bool) -> AbstractContextManager[str]:
    return _cassandra(folder, one_copy=one_copy) if name == "cassandra" else _OWN[name](folder)


@contextmanager
def _kafka(folder: Path) -> Iterator[str]:
    with Kafka(folder) as kafka:
        yield kafka.bootstrap


@contextmanager
def _cassandra(folder: Path, *, one_copy: bool) -> Iterator[str]:
    with Cassandra(folder, one_copy=one_copy) as cassandra:
        yield f"{cassandra.host}:{cassandra.port}/{cassandra.datacenter}"


@contextmanager
def _mosquitto(folder: Path) -> Iterator[str]:
    with Mosquitto(folder) as mosquitto:
        yield f"{mosquitto.host}:{mosquitto.port}"


_OWN: dict[str, Callable[[Path], AbstractContextManager[str]]] = {
    "kafka": _kafka,
    "mosquitto": _mosquitto,
}
