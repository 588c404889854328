"""The desk of dead letters on the command line, over a folder of the embedded platform."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.dead_letters import SqliteDeadLetters
from adapters.sqlite.uplink_log import SqliteUplinkLog
from stadtfunk.cli import main
from tests.support.builders import DEV, a_dead_letter

Desk = Callable[..., tuple[int, str]]


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A folder with three letters in it."""
    letters = [
        a_dead_letter("first", "envelope_unreadable", 1_000),
        a_dead_letter("second", "envelope_unreadable", 2_000),
        replace(a_dead_letter("third", "payload_too_short", 3_000), dev_eui=DEV, device_type="imst_ioke868"),
    ]
    async with SqliteDatabase(tmp_path) as database:
        await SqliteUplinkLog(database).append([])
        await SqliteDeadLetters(database).add(letters)
    return tmp_path


@pytest.fixture
def desk(folder: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """Says ``stadtfunk dead-letters …`` and returns the exit code and what was printed."""

    def say(*words: str) -> tuple[int, str]:
        code = main(["dead-letters", *words, "--data", str(folder)])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return say


def test_letters_are_listed_by_cause(desk: Desk) -> None:
    code, text = desk("list", "--by", "cause")
    lines = [" ".join(line.split()[:3]) for line in text.splitlines()]
    assert (code, lines[1:]) == (0, ["envelope_unreadable 2 0", "payload_too_short 1 1"])


def test_a_group_is_of_the_reason_asked_for(desk: Desk) -> None:
    _, text = desk("list", "--by", "type", "--reason", "payload_too_short")
    assert "imst_ioke868" in text
    assert "unknown" not in text


def test_a_replay_tells_of_each_letter_and_adds_up(desk: Desk) -> None:
    code, text = desk("replay")
    assert (code, text.count("refused  "), "3 refused; 0 new readings" in text) == (0, 3, True)


def test_a_dry_run_says_that_nothing_is_stored(desk: Desk) -> None:
    assert "dry run, nothing is stored: 1 refused" in desk("replay", "first", "--dry-run")[1]


def test_a_letter_that_does_not_wait_is_missed(desk: Desk) -> None:
    assert desk("replay", "nobodys")[0] == 1


def test_a_discarded_letter_is_told_among_the_settled_and_when_it_is_shown(desk: Desk) -> None:
    assert desk("discard", "--reason", "envelope_unreadable", "--why", "our own test")[0] == 0
    assert desk("list")[1].count("\n") == 1
    assert desk("list", "--settled")[1].count("our own test") == 2
    shown = desk("show", "first")[1]
    assert "our own test" in shown
    assert "message      0 bytes" in shown


def test_not_all_letters_are_discarded_by_an_oversight(desk: Desk) -> None:
    code, text = desk("discard", "--why", "tidy up")
    assert (code, "all letters would be discarded" in text) == (2, True)
    assert desk("list")[1].count("\n") == 3


def test_settled_letters_are_not_counted_as_if_they_waited(desk: Desk) -> None:
    assert desk("list", "--settled", "--by", "cause")[0] == 2


@pytest.mark.parametrize("words", [["replay"], ["discard", "x", "--why", "y"], ["expire"], ["list"]])
def test_a_folder_that_is_named_by_mistake_is_not_made_one(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mistyped"
    assert main(["dead-letters", *words, "--data", str(folder)]) == 2
    assert "holds no data of stadtfunk" in capsys.readouterr().err
    assert not folder.exists()


def test_letters_without_an_end_cannot_expire(desk: Desk) -> None:
    code, text = desk("expire")
    assert (code, "[dead_letters.retention] gives no letter an end" in text) == (2, True)


def test_letters_whose_time_is_over_leave_the_desk(desk: Desk, folder: Path) -> None:
    assert "kept until" not in desk("show", "first")[1]
    settings = folder / "kept.toml"
    settings.write_text("[dead_letters.retention]\nmeter_personal = 1\n")
    assert "kept until   1970-01-02T00:00:00.001Z" in desk("show", "first", "--config", str(settings))[1]
    assert desk("expire", "--config", str(settings)) == (0, "3 expired\n")
    assert desk("list") == (0, "no dead letters\n")
    assert "expired      " in desk("show", "first")[1]
    assert "message      0 bytes" in desk("show", "first")[1]
