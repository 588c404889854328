"""``stadtfunk backfill``: what it asks for, what it shows, and how it ends."""

import asyncio
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from adapters.sqlite.backfill_book import SqliteBackfillBook
from adapters.system.clock import SystemClock
from application.ports.backfill_book import Coverage, Entry, Window
from domain.rfc3339 import format_rfc3339
from stadtfunk.cli import main

HOUR = 3_600_000_000
Say = Callable[..., int]


@pytest.fixture
def say(tmp_path: Path) -> Say:
    """Say ``stadtfunk backfill …`` of a folder, and return the exit code."""
    (tmp_path / "key.txt").write_text("NNSXS.KEY")
    (tmp_path / "data").mkdir()
    config = tmp_path / "stadtfunk.toml"
    config.write_text(f"""
[data]
folder = "{tmp_path / "data"}"
[[sources]]
name = "swu"
host = "127.0.0.1"
username = "swu@ttn"
password_file = "{tmp_path / "key.txt"}"
storage_url = "https://tts.example"
""")
    return lambda *words: main(["backfill", *words, "--config", str(config)])


def book_of(tmp_path: Path, *entries: Entry) -> list[Entry]:
    """Write ``entries`` into the book of the folder, and return all that stands there."""

    async def put() -> list[Entry]:
        async with SqliteBackfillBook(tmp_path / "data") as book:
            await book.put(entries)
            return list(await book.entries())

    return asyncio.run(put())


def test_a_time_is_asked_for_of_the_only_source(say: Say, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert say("--since", "2026-06-01T12:00:00Z", "--until", "2026-06-01T13:00:00Z") == 0
    assert "asked for" in capsys.readouterr().out
    [window] = book_of(tmp_path)
    assert isinstance(window, Window)
    assert (window.source, window.reason, window.until_us - window.since_us) == ("swu", "asked", HOUR)
    assert window.is_open


def test_a_device_is_asked_for_alone(say: Say, tmp_path: Path) -> None:
    assert say("--since", "2026-06-01T12:00:00Z", "--device", "003E94C6AD72F129", "--source", "swu") == 0
    [window] = book_of(tmp_path)
    assert isinstance(window, Window)
    assert window.dev_eui == "003e94c6ad72f129"


@pytest.mark.parametrize(
    "words, code, said",
    [
        (("--since", "2999-01-01T00:00:00Z"), 2, "--until must be after --since"),
        (("--since", "2026-06-01T12:00:00Z", "--until", "2026-06-01T12:00:00Z"), 2, "--until must be after --since"),
        (
            ("--since", "2026-06-01T12:00:00Z", "--source", "other"),
            1,
            "source 'other' has no storage_url; there are swu",
        ),
    ],
)
def test_what_cannot_be_asked_is_said(
    say: Say, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, said: str
) -> None:
    assert say(*words) == code
    assert said in capsys.readouterr().err


def test_without_a_beginning_nothing_is_asked(say: Say, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        say()
    assert "--since is missing" in capsys.readouterr().err


def test_without_a_store_there_is_nothing_to_ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "stadtfunk.toml"
    config.write_text("")
    assert main(["backfill", "--since", "2026-06-01T12:00:00Z", "--config", str(config)]) == 2
    assert "no source has a storage_url" in capsys.readouterr().err


def test_status_shows_what_is_covered_fetched_and_still_to_be_fetched(
    say: Say, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now_us = SystemClock().now_us()
    fetched = Window("swu", now_us - 2 * HOUR, now_us - HOUR, "start", now_us, fetched_us=now_us, messages=1_234)
    waiting = Window("swu", now_us - HOUR, now_us, "reconnect", now_us, trouble="it is away", tries=1)
    book_of(tmp_path, fetched, waiting, Coverage("swu", "stadtfunk-swu", now_us, now_us))
    assert say("status") == 0
    said = capsys.readouterr().out
    assert all(words in said for words in ("1234", "start", "reconnect", "waiting", "it is away", "stadtfunk-swu"))


def test_status_ends_with_1_and_says_which_window_expires_when(
    say: Say, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now_us = SystemClock().now_us() // 1_000_000 * 1_000_000
    window = Window("swu", now_us - 20 * HOUR, now_us - 19 * HOUR, "reconnect", now_us)
    book_of(tmp_path, window)
    assert say("status") == 1
    expires = format_rfc3339((window.since_us + 24 * HOUR) * 1_000)
    said = capsys.readouterr().err
    assert "swu: messages from" in said
    assert f"(expiring); the store forgets them from {expires} on" in said
    book_of(tmp_path, replace(window, fetched_us=now_us, written_us=now_us + 1))
    assert say("status") == 0


def test_what_was_lost_for_good_is_told_as_settings_of_the_ledger(
    say: Say, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noon_us = 1_767_268_800_000_000
    window = Window("swu", noon_us, noon_us + 2 * HOUR, "start", noon_us, fetched_us=noon_us, trouble="forgotten")
    book_of(tmp_path, replace(window, lost_until_us=noon_us + HOUR))
    assert say("status") == 1
    said = capsys.readouterr()
    outage = tomllib.loads(said.out[said.out.index("[[losses.outages]]") :])["losses"]["outages"]
    assert outage == [
        {"source": "swu", "since": "2026-01-01T12:00:00Z", "until": "2026-01-01T13:00:00Z", "cause": "ingest"}
    ]
    assert "what was fetched last: forgotten" in said.err


def test_waiting_ends_when_all_is_fetched_or_tells_what_stands_in_the_way(
    say: Say, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later_us = SystemClock().now_us() + HOUR
    words = ("--since", "2026-06-01T12:00:00Z", "--until", "2026-06-01T13:00:00Z", "--wait")
    assert say(*words[:-1]) == 0
    [window] = book_of(tmp_path)
    assert isinstance(window, Window)
    book_of(tmp_path, replace(window, fetched_us=later_us, messages=7, written_us=later_us))
    assert say(*words) == 0
    assert "7 messages fetched" in capsys.readouterr().out
    book_of(tmp_path, replace(window, tries=1, trouble="it is away", written_us=later_us + 1))
    assert say(*words) == 1
    assert "not fetched yet, and tried again: it is away" in capsys.readouterr().err


def test_waiting_ends_when_nobody_fetches_for_longer_than_patience(
    say: Say, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--since", "2026-06-01T12:00:00Z", "--until", "2026-06-01T13:00:00Z", "--wait", "--patience", "1")
    assert say(*words) == 69
    said = capsys.readouterr().err
    assert "nothing of source 'swu' was fetched for 1 s: see that `stadtfunk run` works; it stays asked for" in said
    [window] = book_of(tmp_path)
    assert isinstance(window, Window)
    assert window.is_open


def test_patience_without_waiting_is_a_mistake(say: Say, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        say("--since", "2026-06-01T12:00:00Z", "--patience", "5")
    assert "--patience goes with --wait" in capsys.readouterr().err
