"""Kafka from its jars: brokers without ZooKeeper, on free ports; one by itself, or several as a cluster."""

import base64
import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import NamedTuple, Self

from tools.services.jars import jars, java
from tools.services.ports import free_port
from tools.services.server import HOST, Server, ServiceUnavailable, serves
from tools.services.workspace import HERE


class Quorum(NamedTuple):
    """What brokers know of each other that make one cluster."""

    cluster_id: str
    controller_ports: tuple[int, ...]
    """By the brokers' numbers, the first is 1."""

    @classmethod
    def of(cls, brokers: int) -> Self:
        """Return that of a new cluster."""
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        return cls(cluster_id, tuple(free_port() for _ in range(brokers)))

    @property
    def voters(self) -> str:
        """As ``controller.quorum.voters`` names them."""
        return ",".join(f"{node}@{HOST}:{port}" for node, port in enumerate(self.controller_ports, 1))


class Kafka(Server):
    """A Kafka broker of our own; ``with`` starts and stops it.

    ``lines`` are added to its configuration, with the same blanks (``$port``), and win. ``credentials`` are those of
    the users that it knows, each as ``--add-scram`` of ``kafka-storage`` takes it. Without a ``quorum`` it is a cluster
    by itself; with one it is its broker ``node``, and serves once most of the others do.
    """

    def __init__(
        self,
        folder: Path,
        *lines: str,
        credentials: Sequence[str] = (),
        quorum: Quorum | None = None,
        node: int = 1,
    ) -> None:
        port, quorum = free_port(), quorum or Quorum.of(1)
        self.bootstrap = f"{HOST}:{port}"
        self._quorum, self._credentials = quorum, credentials
        self._properties = folder / "kafka.properties"
        filled = Template("\n".join([(HERE / "kafka.properties").read_text(), *lines, ""])).substitute(
            node=node,
            port=port,
            controller_port=quorum.controller_ports[node - 1],
            voters=quorum.voters,
            copies=len(quorum.controller_ports),
            data=folder / "data",
        )
        self._properties.write_text(filled)
        # The port is open some time before requests are answered; this line ends the start.
        super().__init__(
            "kafka", folder, _java("kafka.Kafka", self._properties), serves(port, log_says="Server started")
        )

    def launch(self) -> None:
        """Start it, with its storage formatted the first time, and do not wait."""
        if not (self._properties.parent / "data").exists():
            self._format()
        super().launch()

    def _format(self) -> None:
        users = [word for each in self._credentials for word in ("--add-scram", each)]
        arguments = [f"--cluster-id={self._quorum.cluster_id}", "-c", str(self._properties), *users]
        command = [*_java("kafka.tools.StorageTool", "format"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        if done.returncode:
            raise ServiceUnavailable(f"Kafka's storage could not be formatted:\n{done.stdout}{done.stderr}")


def _java(main: str, argument: object) -> list[str]:
    log4j = f"-Dlog4j2.configurationFile={HERE / 'kafka.log4j2.properties'}"
    return [java(), "-Xms256m", "-Xmx1g", "-cp", f"{jars('kafka')}/*", log4j, main, str(argument)]
