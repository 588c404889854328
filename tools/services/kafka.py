"""Kafka from its jars: one node without ZooKeeper, on free ports."""

import base64
import subprocess
import uuid
from pathlib import Path
from string import Template

from tools.services.jars import jars, java
from tools.services.ports import free_port
from tools.services.server import HOST, Server, ServiceUnavailable, serves
from tools.services.workspace import HERE


class Kafka(Server):
    """A Kafka broker of our own; ``with`` starts and stops it."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.bootstrap = f"{HOST}:{port}"
        self._properties = folder / "kafka.properties"
        self._properties.write_text(
            Template((HERE / "kafka.properties").read_text()).substitute(
                port=port, controller_port=free_port(), data=folder / "data"
            )
        )
        # The port is open some time before requests are answered; this line ends the start.
        super().__init__(
            "kafka", folder, _java("kafka.Kafka", self._properties), serves(port, log_says="Server started")
        )

    def start(self) -> None:
        """Start it, with its storage formatted the first time."""
        if not (self._properties.parent / "data").exists():
            self._format()
        super().start()

    def _format(self) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command = [*_java("kafka.tools.StorageTool", "format"), f"--cluster-id={cluster}", "-c", str(self._properties)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        if done.returncode:
            raise ServiceUnavailable(f"Kafka's storage could not be formatted:\n{done.stdout}{done.stderr}")


def _java(main: str, argument: object) -> list[str]:
    log4j = f"-Dlog4j2.configurationFile={HERE / 'kafka.log4j2.properties'}"
    return [java(), "-Xms256m", "-Xmx1g", "-cp", f"{jars('kafka')}/*", log4j, main, str(argument)]
