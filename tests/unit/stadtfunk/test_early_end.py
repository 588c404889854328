"""A signal that comes before anybody listens ends the process all the same, with the code of one that was told to."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stadtfunk.early_end import is_lasting
from tests.support.eventually import until

_SOON_S = 30.0
"""To end: on a machine that is busy with something else."""
_DEAF = """
import asyncio
from stadtfunk.early_end import ended_at_once
from stadtfunk.roles.supervision import run_to_its_end, stop_signals

async def opening():
    async with stop_signals():
        with ended_at_once():
            print("opens", flush=True)
            while True:
                pass

run_to_its_end(opening())
"""
_GIVES_BACK = """
import signal
from stadtfunk.early_end import ended_at_once

with ended_at_once():
    pass
assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
"""


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start Python; it does not outlive the test."""
    started = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def listens(started: subprocess.Popen[bytes], number: signal.Signals) -> bool:
    """Say whether the process catches a signal by now (proc(5), status)."""
    status = Path(f"/proc/{started.pid}/status").read_text(encoding="ascii")
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_it_still_loads_its_modules_is_a_clean_end(number: signal.Signals) -> None:
    with process("-m", "stadtfunk", "run", "--config", "/nowhere/stadtfunk.toml") as role:
        asyncio.run(until(lambda: listens(role, signal.SIGTERM), deadline_s=_SOON_S))
        role.send_signal(number)
        _, said = role.communicate(timeout=_SOON_S)
        assert (role.returncode, said) == (0, b"")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_it_is_deaf_for_opening_its_folder_ends_it(number: signal.Signals) -> None:
    with process("-c", _DEAF) as role:
        assert role.stdout is not None
        assert role.stdout.readline() == b"opens\n"
        role.send_signal(number)
        assert role.wait(_SOON_S) == 0


def test_who_listened_before_listens_again() -> None:
    assert subprocess.run([sys.executable, "-c", _GIVES_BACK], check=False, timeout=_SOON_S).returncode == 0


@pytest.mark.parametrize(
    "words, lasting",
    [
        ("run", True),
        ("connect --only swu-water-ttn", True),
        ("backfill run", True),
        ("backfill --config x.toml run", True),
        ("backfill status", False),
        ("migrate", False),
        ("import --dry-run", False),
        ("", False),
    ],
)
def test_only_what_runs_until_it_is_told_to_stop_has_done_its_work_when_it_is(words: str, lasting: bool) -> None:
    assert is_lasting(words.split()) is lasting
