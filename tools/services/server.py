"""A server process of our own: started and watched, killed and restarted, never left behind."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"
START_SECONDS = 180
"""Cassandra needs 10 s on an idle machine; others may be at work on this one."""
STOP_SECONDS = 30
TAIL_LINES = 30


class ServiceUnavailable(RuntimeError):
    """A server that was asked for cannot be had; the message says why."""


class Server:
    """One server with its configuration and data in ``folder``, which outlive a restart.

    It ends with the *thread* that started it, however that ends: start it from one that lives as long as it should.
    """

    def __init__(self, name: str, folder: Path, command: Sequence[str], is_ready: Callable[[Path], bool]) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self._folder = folder
        self._command = command
        self._is_ready = is_ready
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return when it serves.

        Raises:
            ServiceUnavailable: it ended, or did not serve in time; with the last lines of its log.
        """
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Start it, and do not wait: one of a cluster serves when others are there."""
        with self.log.open("wb") as log:
            # A new session: Ctrl-C in the terminal is for us, and we stop it in order.
            self._process = subprocess.Popen(
                [*_tied_to_us(), *self._command],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Return when it serves.

        Raises:
            ServiceUnavailable: it ended, or did not serve in time; with the last lines of its log.
        """
        if self._process is None:
            raise ServiceUnavailable(f"{self.name} was not launched")
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready(self.log):
            if self._process.poll() is not None:
                raise self._unavailable(f"ended with status {self._process.returncode}")
            if time.monotonic() > deadline:
                self.kill()
                raise self._unavailable(f"was not ready after {START_SECONDS} s")
            time.sleep(0.1)

    def send(self, number: signal.Signals) -> None:
        """Send the process a signal; one that is to stand still does so when this returns."""
        if self._process is not None:
            self._process.send_signal(number)
            if number is signal.SIGSTOP:  # on a busy machine it would answer for a while
                os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def kill(self) -> None:
        """End it at once, as a power cut would; ``start`` brings it back on the same ports and data."""
        self.send(signal.SIGKILL)
        self._wait()

    def stop(self) -> None:
        """End it in order, or by force if it does not end."""
        self.send(signal.SIGTERM)
        try:
            self._wait()
        except subprocess.TimeoutExpired:
            self.kill()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _wait(self) -> None:
        if self._process is not None:
            self._process.wait(STOP_SECONDS)
            self._process = None

    def _unavailable(self, what: str) -> ServiceUnavailable:
        self._process = None
        tail = self.log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        return ServiceUnavailable("\n".join([f"{self.name} {what}; the end of {self.log}:", *tail]))


def serves(port: int, *, host: str = HOST, log_says: str = "") -> Callable[[Path], bool]:
    """Return a check that ``port`` accepts connections and the log has the line that ends the start."""

    def is_ready(log: Path) -> bool:
        if log_says and log_says not in log.read_text(errors="replace"):
            return False
        with socket.socket() as probe:
            return probe.connect_ex((host, port)) == 0

    return is_ready


def _tied_to_us() -> list[str]:
    """Return the prefix that lets a program end with its parent even if that is killed (Linux)."""
    setpriv = shutil.which("setpriv", path=f"{os.environ.get('PATH', '')}:/usr/bin")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []
