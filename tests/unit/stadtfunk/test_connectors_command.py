"""What operators see of connectors: the list, the complaint, the exit code; and which of them a process runs."""

import asyncio
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace
from rich.console import Console

from adapters.kafka.connector_reports import KafkaConnectorReports
from adapters.system.clock import SystemClock
from application.connectors import Listed, listed
from application.errors import Unwell
from application.ports.connector_reports import ConnectorReport
from stadtfunk.cli import main
from stadtfunk.commands import connectors
from stadtfunk.commands.connectors import complain, connectors_table, json_line
from stadtfunk.exit_codes import CONFIGURATION, UNWELL, exit_code

S = 1_000_000
NOW_US = 1_795_424_580 * S
WELL = ConnectorReport(
    "swu-water-ttn",
    "ttn_uplinks",
    "RUNNING",
    NOW_US - 3_600 * S,
    NOW_US - S,
    NOW_US + 29 * S,
    last_event_us=NOW_US - 60 * S,
    last_success_us=NOW_US - 5 * S,
    lag=3,
    waiting_since_us=NOW_US - 2 * S,
    came_in=11,
    out=8,
    ignored=3,
    canary_every_us=60 * S,
    canary_back_us=NOW_US - 5 * S,
)
FAILED = replace(
    WELL, name="metadata-csv", state="FAILED", last_error="no such folder", last_error_us=NOW_US, canary_every_us=0
)
KINDS = {"swu-water-ttn": "ttn_uplinks", "metadata-csv": "radio_metadata_to_csv", "cassandra-ttn-devices": "x"}


def rows(*reports: ConnectorReport) -> list[Listed]:
    """Return the list."""
    return listed({report.name: report.kind for report in reports}, reports, NOW_US)


def shown(found: list[Listed], *, wide: bool = False) -> list[str]:
    """Return the table as lines of words."""
    console = Console(width=300)
    with console.capture() as capture:
        console.print(connectors_table(found, NOW_US, wide=wide))
    return [" ".join(line.split()) for line in capture.get().splitlines()]


def test_a_line_tells_state_progress_and_lag() -> None:
    [_, line] = shown(rows(WELL))
    assert line == "swu-water-ttn RUNNING 2026-11-23 09:02:00 2026-11-23 09:02:55 3 2 5 s ago"


def test_a_wide_line_tells_kind_and_counts_too() -> None:
    [_, line] = shown(rows(WELL), wide=True)
    assert line.startswith("swu-water-ttn RUNNING ttn_uplinks 2026-11-23 09:02:00")
    assert line.endswith("5 s ago 11 8 0 0 3")


def test_one_that_was_never_seen_has_a_line_too() -> None:
    found = listed(KINDS, [WELL], NOW_US)
    assert shown(found)[-1] == "cassandra-ttn-devices UNASSIGNED never_seen"


def test_an_error_stands_at_the_end_of_its_line() -> None:
    assert shown(rows(FAILED))[-1].endswith("2026-11-23 09:03:00 no such folder")


def test_a_long_error_takes_nothing_from_names_and_states() -> None:
    console = Console(width=140)
    failed = replace(FAILED, last_error="Cassandra has no table administration.ttn_devicez; " * 5)
    with console.capture() as capture:
        console.print(connectors_table(rows(failed, replace(WELL, name="n" * 36)), NOW_US))
    shown_lines = capture.get().splitlines()
    assert max(map(len, shown_lines)) <= 140
    assert shown_lines[1].startswith("metadata-csv ")
    assert " FAILED   failed " in shown_lines[1]
    assert any(line.startswith("n" * 36 + "  RUNNING") for line in shown_lines)


def test_a_program_reads_the_same_and_what_is_made_of_it() -> None:
    told = [json.loads(json_line(each, NOW_US)) for each in listed(KINDS, [WELL, FAILED], NOW_US)]
    assert [(each["name"], each["state"], each["ok"], each["trouble"]) for each in told] == [
        ("swu-water-ttn", "RUNNING", True, ""),
        ("metadata-csv", "FAILED", False, "failed"),
        ("cassandra-ttn-devices", "UNASSIGNED", False, "never_seen"),
    ]
    assert (told[0]["lag"], told[0]["waiting_s"], told[0]["out"]) == (3, 2.0, 8)


def test_a_program_reads_the_true_state_and_not_the_last_word() -> None:
    [told] = [json.loads(json_line(each, NOW_US)) for each in rows(replace(WELL, next_by_us=NOW_US - 1))]
    assert (told["state"], told["reported_state"], told["trouble"]) == ("UNASSIGNED", "RUNNING", "silent")


def test_where_all_is_well_nobody_complains(capsys: pytest.CaptureFixture[str]) -> None:
    complain(rows(WELL))
    assert capsys.readouterr() == ("", "")


def test_each_that_is_not_well_is_told_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Unwell, match="2 of 3 connectors are not well: metadata-csv, cassandra-ttn-devices") as unwell:
        complain(listed(KINDS, [WELL, FAILED], NOW_US))
    assert exit_code(unwell.value) == 1
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "metadata-csv: no such folder; mend it and start `stadtfunk connect --only metadata-csv` again",
        "cassandra-ttn-devices: no process ever ran it; start `stadtfunk connect --only cassandra-ttn-devices`",
    ]


_TWO = """
[kafka]
instance_id = "connect-0"
[[connectors]]
name = "swu-water-ttn"
kind = "ttn_uplinks"
host = "127.0.0.1"
application = "swu-water@ulm"
[[connectors]]
name = "metadata-csv"
kind = "radio_metadata_to_csv"
folder = "export"
"""


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Return ``connectors status`` with two connectors in the settings, and reports that the test gives."""
    config = tmp_path / "two.toml"
    config.write_text(_TWO)

    def status(*words: str, reports: Sequence[ConnectorReport] = (), error: Exception | None = None) -> int:
        async def newest(_: KafkaConnectorReports) -> Sequence[ConnectorReport]:
            if error is not None:
                raise error
            return reports

        monkeypatch.setattr(KafkaConnectorReports, "newest", newest)
        monkeypatch.setattr(SystemClock, "now_us", lambda _: NOW_US)
        return main(["connectors", "status", "--config", str(config), *words])

    return status


def test_some_may_be_asked_for_alone(two: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert two("--json", "--only", "swu-water-ttn", reports=[WELL, FAILED]) == 0
    assert [json.loads(line)["name"] for line in capsys.readouterr().out.splitlines()] == ["swu-water-ttn"]
    assert two("--only", "watr") == CONFIGURATION
    assert "connectors status: --only: no connector is named 'watr'" in capsys.readouterr().err


OURS, THEIRS = (replace(WELL, instance=f"connect-{number}") for number in (0, 1))
SILENT = NOW_US - S


@pytest.mark.parametrize(
    "reports, code",
    [
        ([OURS], 0),
        ([OURS, replace(THEIRS, next_by_us=SILENT)], 0),
        ([replace(OURS, next_by_us=SILENT), THEIRS], UNWELL),
        ([replace(OURS, state="FAILED"), THEIRS], UNWELL),
        ([replace(OURS, canary_due_us=SILENT)], UNWELL),
        ([replace(OURS, state="RESTARTING")], 0),  # the far end is away: started again we would find it no sooner
        ([replace(OURS, canary_back_us=0)], 0),
        ([THEIRS], UNWELL),
    ],
)
def test_a_probe_fails_where_a_new_start_of_this_very_process_helps(
    two: Callable[..., int], capsys: pytest.CaptureFixture[str], reports: list[ConnectorReport], code: int
) -> None:
    assert two("--alive", "--only", "swu-water-ttn", reports=[*reports, replace(FAILED, instance="files-0")]) == code
    assert capsys.readouterr().out == ""


def test_a_probe_kills_nobody_for_a_kafka_that_does_not_answer(
    two: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert two("--alive", error=TimeoutError()) == 0
    assert "nobody can be asked" in capsys.readouterr().err


def test_a_probe_ends_though_a_thread_of_it_hangs_in_asking_for_an_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ended, codes = Event(), list[int]()

    async def newest(_: KafkaConnectorReports) -> Sequence[ConnectorReport]:
        assert await asyncio.to_thread(ended.wait, 30.0), "nobody has ended it"
        return []

    def exits(code: int) -> None:
        codes.append(code)
        ended.set()

    config = tmp_path / "two.toml"
    config.write_text(_TWO)
    monkeypatch.setattr(KafkaConnectorReports, "newest", newest)
    monkeypatch.setattr(connectors, "_LATEST_S", 0.0)
    monkeypatch.setattr(os, "_exit", exits)
    main(["connectors", "status", "--config", str(config), "--alive"])
    assert codes == [0]


def test_to_connect_without_connectors_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["connect"]) == CONFIGURATION
    assert "no [[connectors]]" in capsys.readouterr().err


def test_a_name_that_no_connector_has_is_told_beside_those_there_are(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[[connectors]]\nname = "water"\nkind = "water_to_cassandra"\n')
    assert main(["connect", "--config", str(config), "--only", "watr"]) == CONFIGURATION
    assert "--only: no connector is named 'watr': there are water" in capsys.readouterr().err
