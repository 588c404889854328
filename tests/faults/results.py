"""Results as rows of a table, and the page that shows them."""

import logging
import os
import platform
import re
import subprocess
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

_log = logging.getLogger(__name__)
_BEGIN, _END = "<!-- made by `make faults`: begin -->", "<!-- end -->"
_HEAD = (
    "No.",
    "Fault",
    "What it was done to",
    "Kills",
    "Exit codes",
    "Uplinks",
    "Readings",
    "Frames",
    "Stages",
    "Dead letters",
    "No row for, s",
    "No answer for, s",
    "Done after, s",
    "On",
)


class Result(Struct):
    """One fault, done to one platform while one city spoke."""

    number: str
    """In the list of faults in docs/reliability.md."""
    fault: str
    subject: str
    """What it was done to."""
    kills: int = 0
    codes: dict[str, int] = {}
    """Exit codes of processes that ended by themselves or were told to, and how often."""
    uplinks: int = 0
    """Frames that were heard, copies included."""
    readings: str = ""
    frames: str = ""
    balance: str = ""
    letters: str = ""
    no_row_s: float = 0.0
    no_answer_s: float = 0.0
    done_after_s: float = 0.0
    """From the end of the city to its last row."""
    day: str = ""
    commit: str = ""
    machine: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Which row it is."""
        return self.fault, self.subject


class Results:
    """Of one run of the suite."""

    def __init__(self) -> None:
        self.rows: list[Result] = []

    def add(self, result: Result) -> None:
        """Remember a result, with when, what and where."""
        result.day, result.commit, result.machine = f"{datetime.now(UTC):%Y-%m-%d}", _commit(), _machine()
        self.rows.append(result)
        _log.info("%s", text([result]))  # seen with --log-cli-level=INFO while the others still run


def write(page: Path, rows: list[Result]) -> None:
    """Put ``rows`` into the table of ``page``; of those that it has, it keeps what was not done again."""
    before, table, after = _parted(page.read_text(encoding="utf-8"))
    kept = {row.key: row for row in _rows_in(table)}
    kept.update({row.key: row for row in rows})
    ordered = sorted(kept.values(), key=lambda row: (_order(row.number), row.fault, row.subject))
    page.write_text(f"{before}{_BEGIN}\n{_table(ordered)}\n{_END}{after}", encoding="utf-8")


def text(rows: list[Result]) -> str:
    """Return ``rows`` as lines for a terminal."""
    return "\n".join(
        f"{row.fault} ({row.subject}): {_verdict(row)}; {row.kills} kills, {row.uplinks} uplinks,"
        f" no row for {row.no_row_s:.1f} s, no answer for {row.no_answer_s:.1f} s, done after {row.done_after_s:.1f} s"
        for row in rows
    )


def _table(rows: list[Result]) -> str:
    machines = Counter(row.machine for row in rows)
    total = f"{len(rows)} faults, {sum(row.kills for row in rows)} kills, {sum(row.uplinks for row in rows):,} uplinks."
    where = "; ".join(machines)
    lines = [f"{total} Machine: {where}.", "", _line(_HEAD), _line("---" for _ in _HEAD)]
    lines += [_line(_cells(row)) for row in rows]
    stored = [f"<!-- {msgspec.json.encode(row).decode()} -->" for row in rows]
    return "\n".join([*lines, "", *stored])


def _cells(row: Result) -> list[str]:
    codes = ", ".join(f"{code} × {times}" if times > 1 else code for code, times in sorted(row.codes.items()))
    verdicts = [_yes(each) for each in (row.readings, row.frames, row.balance, row.letters)]
    times = [f"{each:.1f}" for each in (row.no_row_s, row.no_answer_s, row.done_after_s)]
    facts = [row.number, row.fault, row.subject, str(row.kills), codes or "–", f"{row.uplinks:,}"]
    return [*facts, *verdicts, *times, f"{row.day}, {row.commit}"]


def _yes(difference: str) -> str:
    return "**differ**" if difference else "true"


def _verdict(row: Result) -> str:
    differences = [each for each in (row.readings, row.frames, row.balance, row.letters) if each]
    return "; ".join(differences) or "the truth"


def _line(cells: object) -> str:
    assert not isinstance(cells, str)
    return f"| {' | '.join(cells)} |"  # type: ignore[arg-type]


def _parted(page: str) -> tuple[str, str, str]:
    before, _, rest = page.partition(_BEGIN)
    table, _, after = rest.partition(_END)
    return before, table, after


def _rows_in(table: str) -> list[Result]:
    return [msgspec.json.decode(each, type=Result) for each in re.findall(r"<!-- (\{.*\}) -->", table)]


def _order(number: str) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"\d+", number))


def _commit() -> str:
    asked = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "?"


def _machine() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", info.read_text()) if info.exists() else None
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{os.cpu_count()} × {found[1] if found else platform.machine()}, {memory:.0f} GB, {platform.system()}"
