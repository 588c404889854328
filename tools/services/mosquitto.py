"""Mosquitto from Debian, on a free port."""

import getpass
import os
import shutil
import signal
import time
from pathlib import Path
from string import Template

from tools.services.ports import free_port
from tools.services.server import HOST, Server, ServiceUnavailable, serves
from tools.services.workspace import HERE

_SAVE_SECONDS = 30


class Mosquitto(Server):
    """An MQTT broker of our own; ``with`` starts and stops it.

    ``lines`` are added to its configuration, after the listener, so that they may be the listener's (``cafile`` ...)
    or the broker's (``max_inflight_messages`` ...). After a ``kill`` it knows what it had saved last.
    """

    def __init__(self, folder: Path, *lines: str) -> None:
        self.host, self.port = HOST, free_port()
        data = folder / "data"
        data.mkdir(parents=True)
        self._database = data / "mosquitto.db"
        template = Template((HERE / "mosquitto.conf").read_text())
        settings = template.substitute(user=getpass.getuser(), data=data, port=self.port)
        (folder / "mosquitto.conf").write_text("\n".join([settings, *lines, ""]))
        command = [_program(), "-c", str(folder / "mosquitto.conf")]
        super().__init__("mosquitto", folder, command, serves(self.port))

    def save(self) -> None:
        """Make sessions and waiting messages survive a kill from here.

        Raises:
            ServiceUnavailable: nothing was written within half a minute.
        """
        before = self._saved_ns()
        self.send(signal.SIGUSR1)
        deadline = time.monotonic() + _SAVE_SECONDS
        while self._saved_ns() == before:
            if time.monotonic() > deadline:
                raise ServiceUnavailable(f"mosquitto did not save its sessions within {_SAVE_SECONDS} s")
            time.sleep(0.02)

    def forget(self) -> None:
        """Take away what it has saved; it must not run."""
        self._database.unlink(missing_ok=True)

    def _saved_ns(self) -> int:
        return self._database.stat().st_mtime_ns if self._database.exists() else 0


def _program() -> str:
    # Debian keeps it among the system's programs, which are not on everybody's PATH.
    program = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise ServiceUnavailable("Mosquitto is not installed (Debian: mosquitto)")
    return program
