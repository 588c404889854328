"""Burrow's rules, one after the other, as cases with names."""

from collections.abc import Mapping, Sequence

import pytest

from application.lag import Lag, Limits, Status, group_lag, partition_status
from application.ports.group_progress import WINDOW, Commit, PartitionProgress
from tests.support.clock import FakeClock

NOW_MS = 1_000_000
BURROW = Limits()
FAR = [9_000] * 10
"""Ends that nobody reached."""


def every_second(offsets: Sequence[int], lags: Sequence[int | None], last_ms: int = NOW_MS - 1_000) -> list[Commit]:
    """Return commits a second apart, the last at ``last_ms``."""
    first_ms = last_ms - 1_000 * (len(offsets) - 1)
    return [
        Commit(offset, first_ms + 1_000 * n, lag) for n, (offset, lag) in enumerate(zip(offsets, lags, strict=True))
    ]


MOVING = list(range(1_000, 2_000, 100))
SILENT_MS = NOW_MS - 9_001
"""One ms more of silence than a window of ten commits is long."""

CASES: Mapping[str, tuple[Sequence[Commit], Sequence[int], int, Limits, Status]] = {
    "no commits are never an error": ([], FAR, 500, BURROW, Status.OK),
    "a window less complete than asked for is not judged": (
        every_second([1_000] * 9, [5] * 9),
        FAR,
        5,
        Limits(minimum_complete=1.0),
        Status.OK,
    ),
    "who has read everything is well, however long ago that was": (
        every_second([1_000] * 10, [0] * 10, last_ms=0),
        FAR,
        0,
        BURROW,
        Status.OK,
    ),
    "a lag that is allowed is none": (every_second([1_000] * 10, [9] * 10), FAR, 9, Limits(allowed_lag=9), Status.OK),
    "a silence longer than the window is a stop": (
        every_second(MOVING, [50] * 10, SILENT_MS),
        FAR,
        50,
        BURROW,
        Status.STOP,
    ),
    "a silence as long as the window is none yet": (
        every_second(MOVING, list(range(50, 40, -1)), SILENT_MS + 1),
        FAR,
        50,
        BURROW,
        Status.OK,
    ),
    "silence is no stop while the end was reached a little ago": (
        every_second(MOVING, list(range(50, 40, -1)), SILENT_MS),
        [9_000, 1_900],
        50,
        BURROW,
        Status.OK,
    ),
    "a lag of zero within the window does not excuse a stop": (
        every_second(MOVING, [0] * 10, SILENT_MS),
        FAR,
        50,
        BURROW,
        Status.STOP,
    ),
    "a single commit is a stop a moment later": (every_second([1_000], [5]), FAR, 5, BURROW, Status.STOP),
    "going back for good is a rewind": (
        every_second([1_000, 1_100, 1_200, 900, 1_000], [5, 5, 5, 305, 205]),
        FAR,
        205,
        BURROW,
        Status.REWIND,
    ),
    "going back and catching up is none": (
        every_second([1_000, 1_100, 1_200, 900, 1_200], [5, 5, 5, 305, 4]),
        FAR,
        4,
        BURROW,
        Status.OK,
    ),
    "only the first step back is looked at": (
        every_second([1_000, 900, 1_000, 950, 960], [5, 6, 5, 6, 5]),
        FAR,
        5,
        BURROW,
        Status.OK,
    ),
    "a rewind is one though the lag was zero before": (
        every_second([1_000, 1_100, 900], [0, 0, 200]),
        FAR,
        200,
        BURROW,
        Status.REWIND,
    ),
    "a lag that was zero within the window is a burst": (
        every_second([1_000] * 10, [0, *range(1, 10)]),
        FAR,
        9,
        BURROW,
        Status.OK,
    ),
    "the same position again and again is a stall": (
        every_second([1_000] * 10, [5] * 10),
        FAR,
        5,
        BURROW,
        Status.STALL,
    ),
    "a lag that never shrinks is a warning": (every_second(MOVING, list(range(10, 20))), FAR, 20, BURROW, Status.WARN),
    "a lag that stays the same never shrinks": (every_second(MOVING, [10] * 10), FAR, 10, BURROW, Status.WARN),
    "a lag that shrank once is well": (
        every_second(MOVING, [10, 11, 12, 13, 12, 13, 14, 15, 16, 17]),
        FAR,
        17,
        BURROW,
        Status.OK,
    ),
    "lags that are not known are skipped": (
        every_second(MOVING, [10, None, 11, None, 12, None, 13, None, 14, None]),
        FAR,
        17,
        BURROW,
        Status.WARN,
    ),
    "ours: two commits are not judged": (
        every_second([1_000, 1_000], [5, 5], NOW_MS - 60_000),
        FAR,
        5,
        Limits(minimum_complete=0.3, judged_after_ms=60_000),
        Status.OK,
    ),
    "ours: one commit that compaction left is judged after a minute": (
        every_second([1_000], [5], NOW_MS - 60_001),
        FAR,
        5,
        Limits(minimum_complete=0.3, judged_after_ms=60_000),
        Status.STOP,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_burrows_rule(name: str) -> None:
    commits, ends, lag, limits, expected = CASES[name]
    assert partition_status(commits, ends, lag, NOW_MS, limits) is expected


def a_part(partition: int = 0, *, status: Status = Status.OK, lag: int = 5) -> PartitionProgress:
    """Return a partition that is judged to be ``status``."""
    commits = {
        Status.OK: every_second(MOVING, list(range(20, 10, -1))),
        Status.WARN: every_second(MOVING, list(range(10, 20))),
        Status.STALL: every_second([1_000] * 10, [5] * 10),
        Status.STOP: every_second(MOVING, [5] * 10, SILENT_MS),
    }[status]
    return PartitionProgress("uplinks", partition, commits, FAR, lag, NOW_MS - 2_500)


@pytest.mark.parametrize(
    "worst, whole",
    [(Status.OK, Status.OK), (Status.WARN, Status.WARN), (Status.STALL, Status.ERR), (Status.STOP, Status.ERR)],
)
def test_a_group_is_as_its_worst_partition(worst: Status, whole: Status) -> None:
    judged = group_lag("g", [a_part(0), a_part(1, status=worst)], NOW_MS, BURROW)
    assert (judged.status, judged.partitions[1].status) == (whole, worst)


def test_a_group_that_never_committed_is_not_found() -> None:
    assert group_lag("g", [], NOW_MS, BURROW).status is Status.NOTFOUND


def test_a_group_is_complete_as_far_as_its_windows_are_full() -> None:
    half = PartitionProgress("uplinks", 1, every_second([1, 2, 3, 4, 5], [0] * 5), [5], 0)
    judged = group_lag("g", [a_part(0), half], NOW_MS, BURROW)
    assert (judged.complete, judged.partitions[1].complete) == (0.5, 5 / WINDOW)


def test_the_greatest_lag_names_its_partition_and_lags_add_up() -> None:
    judged = group_lag("g", [a_part(0, lag=5), a_part(1, lag=70)], NOW_MS, BURROW)
    assert judged.worst is not None
    assert (judged.worst.partition, judged.lag) == (1, 75)


def test_seconds_are_those_since_the_first_record_that_waits() -> None:
    assert group_lag("g", [a_part()], NOW_MS, BURROW).lag_s == 2.5


def test_nothing_waits_no_seconds() -> None:
    done = PartitionProgress("uplinks", 0, every_second(MOVING, [0] * 10), [1_900], 0, NOW_MS - 2_500)
    assert group_lag("g", [done], NOW_MS, BURROW).lag_s == 0.0


class Known:
    """Progress of one group."""

    async def of(self, groups: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[PartitionProgress]]:
        return {group: [a_part()] for group, topics in groups.items() if topics}


async def test_without_a_name_all_our_groups_are_asked_for() -> None:
    lag = Lag(Known(), {"process": ("uplinks",), "sink": ("devices",)}, FakeClock(NOW_MS * 1_000))
    assert [each.group for each in await lag.of()] == ["process", "sink"]


async def test_a_group_by_name_need_not_be_ours() -> None:
    lag = Lag(Known(), {"process": ("uplinks",)}, FakeClock(NOW_MS * 1_000))
    assert [(each.group, each.status) for each in await lag.of("other")] == [("other", Status.NOTFOUND)]
