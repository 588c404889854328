"""``stadtfunk run`` before somebody's eyes: a live view in a terminal, plain lines elsewhere, commands that work."""

import asyncio
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.command import command
from tests.e2e.platform import embedded, source
from tests.e2e.role import Role
from tests.e2e.terminal import Terminal
from tests.support.eventually import until
from tools.services.ports import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

_CTRL_C = b"\x03"
_HIDDEN, _SHOWN = "\x1b[?25l", "\x1b[?25h"
"""What hides the cursor, and what shows it again (DECTCEM)."""


def run(folder: Path) -> tuple[str, ...]:
    """Return the words that run a city over ``folder``."""
    return ("run", "--data", str(folder / "data"), "--port", str(free_port()), "--devices", "50")


@pytest.mark.parametrize("rows, columns", [(40, 120), (24, 80), (6, 20)])
def test_a_terminal_shows_a_live_view_until_ctrl_c(tmp_path: Path, rows: int, columns: int) -> None:
    with Terminal(*run(tmp_path), rows=rows, columns=columns) as terminal:
        terminal.read_until("stadtfunk", times=4)
        assert _HIDDEN in terminal.raw
        terminal.type(_CTRL_C)
        assert terminal.end() == 0
    assert terminal.raw.rindex(_SHOWN) > terminal.raw.rindex(_HIDDEN)
    assert terminal.text.rstrip().count("+ in flight 0") == 2
    assert "Traceback" not in terminal.text


def test_the_view_names_what_the_city_did_and_said(tmp_path: Path) -> None:
    with Terminal(*run(tmp_path)) as terminal:
        for figure in ("readings/s", "latency p50", "latency p99", "frames missing", "duplicates", "dead letters"):
            terminal.read_until(figure)
        for class_of_device in ("electricity", "water", "parking"):
            terminal.read_until(f"{class_of_device} ")
        terminal.send(signal.SIGTERM)
        assert terminal.end() == 0


def test_what_is_logged_stands_whole_above_the_view(tmp_path: Path) -> None:
    config = tmp_path / "stadtfunk.toml"
    config.write_text(source("127.0.0.1", port := free_port(), "v3/+/devices/+/up", unreachable_budget_s=2.0))
    with Terminal("run", "--config", str(config), "--data", str(tmp_path / "data"), "--port", "0") as terminal:
        assert terminal.end() == 69
    warning = f"WARNING mqtt://127.0.0.1:{port} cannot be reached: Connection refused; trying again\n"
    assert warning in terminal.text
    assert terminal.text.rstrip().endswith("correct host and port, or start the broker")
    assert terminal.raw.rindex(_SHOWN) > terminal.raw.rindex(_HIDDEN)


def test_a_terminal_that_cannot_draw_gets_plain_lines(tmp_path: Path) -> None:
    config = tmp_path / "stadtfunk.toml"
    config.write_text("[log]\nevery_s = 0.5\n")
    with Terminal(*run(tmp_path), "--config", str(config), term="dumb") as terminal:
        terminal.read_until("frames received", times=2)
        terminal.type(_CTRL_C)
        assert terminal.end() == 0
    assert "\x1b" not in terminal.raw


def test_without_a_terminal_there_are_plain_lines(tmp_path: Path) -> None:
    with embedded(tmp_path, '[[sources]]\nkind = "simulated_city"\n') as platform:
        (role,) = platform.roles
        asyncio.run(until(lambda: role.said().count("frames received") > 1))
        assert role.end() == 0
    assert "\x1b" not in role.said()
    assert "╭" not in role.said()


def test_the_commands_it_prints_work_as_they_stand(tmp_path: Path) -> None:
    folder = tmp_path / "the city's data"
    folder.mkdir()
    with Role(tmp_path, *run(folder)) as role:
        asyncio.run(until(lambda: "dead-letters" in role.said()))
        asyncio.run(until(lambda: (folder / "data" / "stadtfunk.db").stat().st_size > 0))
        printed = [line.strip() for line in role.said().splitlines() if line.startswith("  ")]
        assert [shlex.split(line)[1:3] for line in printed] == [
            ["devices", "list"],
            ["readings", "list"],
            ["dead-letters", "list"],
        ]
        for line in printed:
            _shows_something(line)
        assert role.end() == 0


def _shows_something(line: str) -> None:
    """Try ``line`` in a shell until it has something to show."""

    def shown() -> bool:
        done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stderr) == (0, ""), line
        return not done.stdout.startswith("no ")

    asyncio.run(until(shown))


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    with embedded(tmp_path, '[[sources]]\nkind = "simulated_city"\n') as platform:
        asyncio.run(until(lambda: "frames received" in platform.roles[0].said()))
        line = f"devices list --limit 1000 --server 127.0.0.1:{platform.port}"
        for words in (line, f"dead-letters list --limit 1000 --data {tmp_path / 'data'}"):
            done = _shell(f"stadtfunk {words} | head -1; echo ${{PIPESTATUS[0]}}")
            assert done.stderr == ""
            assert done.stdout.splitlines()[-1] == "0"
            assert len(done.stdout.splitlines()) == 2
        full = _shell(f"stadtfunk {line} > /dev/full")
        assert full.returncode == 69
        assert full.stderr == "stadtfunk: what it has to say cannot be written: No space left on device\n"
        nobody = _shell(f"stadtfunk {line} >&-")
        assert (nobody.returncode, nobody.stderr) == (0, "")


def _shell(line: str) -> subprocess.CompletedProcess[str]:
    ours = str(Path(sys.executable).with_name("stadtfunk"))
    return subprocess.run(
        ["/bin/bash", "-c", line.replace("stadtfunk", ours, 1)], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("coding", ["ascii", "utf-8"])
def test_a_folder_that_no_terminal_can_write_is_no_error(tmp_path: Path, coding: str) -> None:
    folder = f"{tmp_path}/straße-\udcff"
    environment = {"PYTHONIOENCODING": coding}
    ended = command("dead-letters", "list", "--data", folder, environment=environment)
    assert ended.code == 2
    assert "holds no data of stadtfunk" in ended.last_line
