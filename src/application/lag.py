"""Whether a consumer group keeps up with what it reads, judged by Burrow's rules.

A lag alone says nothing: a thousand records behind may be a burst, ten may be a process that is dead. Burrow judges a
window of commits, without a threshold (linkedin/Burrow, ``core/internal/evaluator/caching.go``).
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from itertools import pairwise

from msgspec import Struct

from application.ports.clock import Clock
from application.ports.group_progress import WINDOW, Commit, GroupProgress, PartitionProgress

_MS_PER_S = 1_000
_US_PER_MS = 1_000


class Status(IntEnum):
    """Burrow's words, in its order: the greater the worse."""

    NOTFOUND = 0
    """The group never committed anything."""
    OK = 1
    WARN = 2
    """It commits and moves, and its lag grows all the time."""
    ERR = 3
    """Of a group: at least one of its partitions is stopped, stalled or went back."""
    STOP = 4
    """It commits no more."""
    STALL = 5
    """It commits the same position again and again while there is more to read."""
    REWIND = 6
    """It went back to where it had been before."""


class Limits(Struct, frozen=True):
    """What Burrow lets its operators set; the defaults are Burrow's."""

    allowed_lag: int = 0
    """So many records behind are never an error."""
    minimum_complete: float = 0.0
    """Below this share of a full window nothing is judged."""
    judged_after_ms: int | None = None
    """Ours: an incomplete window is judged nevertheless if its newest commit is older; None: never."""


OURS = Limits(minimum_complete=0.3, judged_after_ms=60_000)
"""One commit would look stopped a moment later, and so would two: three are asked for. Of a group that is dead for
longer Kafka's compaction leaves one commit; it is judged after a minute, or it would look well for ever."""


class PartitionLag(Struct, frozen=True):
    """One partition that a group reads, judged."""

    topic: str
    partition: int
    status: Status
    lag: int
    """Records."""
    lag_s: float
    """How long the first of them has been waiting."""
    complete: float
    """Share of its window that is filled."""
    committed_ms: int | None
    """When the group last committed here; None: not known."""


class GroupLag(Struct, frozen=True):
    """A consumer group, judged."""

    group: str
    status: Status
    partitions: Sequence[PartitionLag] = ()
    complete: float = 0.0
    """Share of the partitions whose windows are full."""

    @property
    def worst(self) -> PartitionLag | None:
        """The partition with the greatest lag in records."""
        return max(self.partitions, key=lambda each: each.lag, default=None)

    @property
    def lag(self) -> int:
        """Records behind, in all partitions."""
        return sum(each.lag for each in self.partitions)

    @property
    def lag_s(self) -> float:
        """The longest wait."""
        return max((each.lag_s for each in self.partitions), default=0.0)


class Lag:
    """Asks for the progress of groups and judges it: for the command line, metrics, and whoever serves it."""

    def __init__(
        self, progress: GroupProgress, groups: Mapping[str, Sequence[str]], clock: Clock, limits: Limits = OURS
    ) -> None:
        """Take the groups that are ours, with the topics each reads."""
        self._progress = progress
        self._groups = groups
        self._clock = clock
        self._limits = limits

    async def of(self, *groups: str) -> Sequence[GroupLag]:
        """Return how ``groups`` do; without a name, all that are ours.

        Raises:
            Unavailable, Refused: the log does not say.
        """
        asked = {group: self._groups.get(group, ()) for group in groups} if groups else self._groups
        found = await self._progress.of(asked)
        now_ms = self._clock.now_us() // _US_PER_MS
        return [group_lag(group, found.get(group, ()), now_ms, self._limits) for group in asked]


def group_lag(group: str, partitions: Iterable[PartitionProgress], now_ms: int, limits: Limits) -> GroupLag:
    """Return how a group does: as its worst partition; stopped, stalled and rewound ones make it ``ERR``."""
    judged = [_judged(each, now_ms, limits) for each in partitions]
    if not judged:
        return GroupLag(group, Status.NOTFOUND)
    worst = max(each.status for each in judged)
    full = sum(each.complete >= 1.0 for each in judged)
    return GroupLag(group, min(worst, Status.ERR), judged, full / len(judged))


def _judged(progress: PartitionProgress, now_ms: int, limits: Limits) -> PartitionLag:
    commits, since_ms = progress.commits, progress.waiting_since_ms
    waited_ms = max(0, now_ms - since_ms) if progress.lag and since_ms is not None else 0
    return PartitionLag(
        progress.topic,
        progress.partition,
        partition_status(commits, progress.ends, progress.lag, now_ms, limits),
        progress.lag,
        waited_ms / _MS_PER_S,
        len(commits) / WINDOW,
        commits[-1].committed_ms if commits else None,
    )


def partition_status(  # noqa: PLR0911  a rule a line, in the order that decides
    commits: Sequence[Commit], ends: Sequence[int], lag: int, now_ms: int, limits: Limits
) -> Status:
    """Return what Burrow says of a partition, its rules in its order.

    Args:
        commits: the window, oldest first, without empty slots.
        ends: ends of the partition of the last while.
        lag: records behind now.
        now_ms: the time now.
        limits: as set.
    """
    if not commits or _is_too_incomplete(commits, now_ms, limits):
        return Status.OK
    if lag <= limits.allowed_lag:
        return Status.OK
    if _is_stopped(commits, now_ms) and not _was_at_an_end(commits[-1], ends):
        return Status.STOP
    if _is_rewound(commits):
        return Status.REWIND
    if any(each.lag is not None and each.lag <= limits.allowed_lag for each in commits):
        return Status.OK
    if all(each.offset == commits[0].offset for each in commits):
        return Status.STALL
    return Status.WARN if _never_decreased(commits) else Status.OK


def _is_too_incomplete(commits: Sequence[Commit], now_ms: int, limits: Limits) -> bool:
    if len(commits) / WINDOW >= limits.minimum_complete:
        return False
    return limits.judged_after_ms is None or now_ms - commits[-1].committed_ms <= limits.judged_after_ms


def _is_stopped(commits: Sequence[Commit], now_ms: int) -> bool:
    """Say whether the silence since the last commit is longer than the whole window."""
    first_ms, last_ms = commits[0].committed_ms, commits[-1].committed_ms
    return now_ms - last_ms > last_ms - first_ms


def _was_at_an_end(last: Commit, ends: Sequence[int]) -> bool:
    """Say whether there was nothing to commit a little while ago."""
    return any(end <= last.offset for end in ends)


def _is_rewound(commits: Sequence[Commit]) -> bool:
    """Say whether the group went back, the first time it did so, and never came to that position again."""
    for index, (before, after) in enumerate(pairwise(commits)):
        if after.offset < before.offset:
            return all(later.offset < before.offset for later in commits[index + 1 :])
    return False


def _never_decreased(commits: Sequence[Commit]) -> bool:
    lags = [each.lag for each in commits if each.lag is not None]
    return all(before <= after for before, after in pairwise(lags))
