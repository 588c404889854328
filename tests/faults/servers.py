"""Servers of the suite's own, to be injured: started when first needed, made well before the next fault."""

import asyncio
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from tools.services.address import CassandraAddress, KafkaAddress
from tools.services.cassandra import Cassandra
from tools.services.kafka import Kafka
from tools.services.mosquitto import Mosquitto
from tools.services.server import Server
from tools.services.workspace import workspace

_T = TypeVar("_T", bound=Server)
MOSQUITTO = ("max_inflight_messages 500",)
"""Of messages that wait it keeps all (tools/services/mosquitto.conf); the default window of 20 would be the brake."""


class Servers:
    """Start and stop belong to one thread: a server ends with the thread that started it."""

    copies = 1
    """Of all that is stored."""

    def __init__(self) -> None:
        self._running = ExitStack()
        self._servers: list[Server] = []
        self._thread = ThreadPoolExecutor(1, "servers")
        self._kafka: Kafka | None = None
        self._cassandra: Cassandra | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for server in self._servers:
            server.send(signal.SIGCONT)
        self._thread.submit(self._running.close).result()
        self._thread.shutdown()

    @property
    def kafka(self) -> Kafka:
        """A broker."""
        if self._kafka is None:
            self._kafka = self._started(Kafka)
        return self._kafka

    @property
    def cassandra(self) -> Cassandra:
        """A node."""
        if self._cassandra is None:
            self._cassandra = self._started(Cassandra)
        return self._cassandra

    def mosquitto(self) -> Mosquitto:
        """Return one more broker, for one platform."""
        return self._started(lambda folder: Mosquitto(folder, *MOSQUITTO))

    @property
    def kafka_address(self) -> KafkaAddress:
        """Where platforms find it."""
        return KafkaAddress(self.kafka.bootstrap)

    @property
    def cassandra_address(self) -> CassandraAddress:
        """Where platforms find it."""
        return CassandraAddress(self.cassandra.host, self.cassandra.port, self.cassandra.datacenter)

    async def start(self, server: Server) -> None:
        """Start one again that was killed or stopped."""
        await asyncio.get_running_loop().run_in_executor(self._thread, server.start)

    async def stop(self, server: Server) -> None:
        """End one in order."""
        await asyncio.get_running_loop().run_in_executor(self._thread, server.stop)

    def _started(self, make: Callable[[Path], _T]) -> _T:
        server = self._made(make)
        self._on_their_thread(lambda: self._running.enter_context(server))
        return server

    def _made(self, make: Callable[[Path], _T]) -> _T:
        server = make(self._running.enter_context(workspace()))
        self._servers.append(server)
        return server

    def _on_their_thread(self, work: Callable[[], object]) -> None:
        self._thread.submit(work).result()
