"""What processing remembers of a device, in a form that people read; pieces of payloads are counted, not shown."""

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import to_builtins
from rich.table import Table

from domain.decoding import Fragment
from domain.device import DeviceMemory, latest_values
from domain.radio import FrameAccount
from domain.radio.runs import Run, unpacked
from domain.radio.segment import Segment
from domain.rfc3339 import NS_PER_S
from stadtfunk.tables import instant_text, table

Json: TypeAlias = "dict[str, object]"


def memory_facts(memory: DeviceMemory) -> Json:
    """Return ``memory`` as JSON."""
    return {
        "offset": memory.offset,
        "device": to_builtins(memory.device),
        "last_seen_ns": memory.last_seen_ns,
        "written_us": memory.written_us,
        "accounts": {source: _account(account) for source, account in memory.accounts.items()},
        # A piece may be of a payload with keys in it.
        "fragments": [
            {
                "group": each.group,
                "piece": each.index + 1,
                "of": each.total,
                "network_ns": each.network_ns,
                "bytes": len(each.data),
            }
            for each in memory.context.fragments
        ],
        "settings": memory.context.settings,
        "latest": to_builtins(list(latest_values(memory.latest))),
    }


def _account(account: FrameAccount) -> Json:
    return {
        "received": account.counts.received,
        "missing": account.missing,
        "doubts": account.doubts,
        "joins": [join._asdict() for join in account.joins],
        "segments": [_segment(each) for each in account.segments],
    }


def _segment(segment: Segment) -> Json:
    return {
        "session": segment.session,
        "first": segment.first,
        "last": segment.last,
        "received": segment.received,
        "start_ns": segment.start_ns,
        "last_ns": segment.last_ns,
        "gaps": counters(segment.missing_runs),
    }


def counters(runs: bytes) -> list[str]:
    """Return missing counters as people write them: ``7``, ``9-12``."""
    return [_counters(run) for run in unpacked(runs)]


def _counters(run: Run) -> str:
    return str(run.first) if run.first == run.last else f"{run.first}-{run.last}"


def memory_tables(memory: DeviceMemory) -> list[Table]:
    """Return sessions, gaps and waiting pieces of a device; what there is none of has no table."""
    segments = [(source, each) for source, account in memory.accounts.items() for each in account.segments]
    tables = [_segments(segments), _gaps(segments), _fragments(memory.context.fragments)]
    return [each for each in tables if each.row_count]


def _segments(segments: Sequence[tuple[str, Segment]]) -> Table:
    rows = [
        (
            source,
            each.session,
            f"{each.first}-{each.last}",
            str(each.received),
            str(each.missing),
            instant_text(each.start_ns),
            instant_text(each.last_ns),
            "broken" if each.is_broken else "",
        )
        for source, each in segments
    ]
    headings = ("session at", "name", "f_cnt", "received", "missing", "since (UTC)", "last (UTC)", "start")
    return table(headings, rows, right=("received", "missing"))


def _gaps(segments: Sequence[tuple[str, Segment]]) -> Table:
    rows = [
        (source, _counters(run), str(run.missing), _second(run.since_s), _second(run.until_s))
        for source, each in segments
        for run in unpacked(each.missing_runs)
    ]
    return table(("gap at", "f_cnt", "missing", "after (UTC)", "before (UTC)"), rows, right=("missing",))


def _second(since_1970: int) -> str:
    return instant_text(since_1970 * NS_PER_S)


def _fragments(fragments: Sequence[Fragment]) -> Table:
    rows = [
        (each.group, f"{each.index + 1} of {each.total or '?'}", str(len(each.data)), instant_text(each.network_ns))
        for each in fragments
    ]
    return table(("waiting payload", "piece", "bytes", "since (UTC)"), rows, right=("bytes",))
