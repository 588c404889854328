"""The newest commits of a group by partition, not nearer to each other than tells anything."""

from collections import deque
from collections.abc import Mapping, Sequence

from application.ports.group_progress import WINDOW, Commit

_DISTANCE_MS = 1_000
"""``process`` commits 50 times a second: ten such commits tell nothing of how it does. Burrow's ``min-distance``."""

_At = tuple[str, int]


class CommitWindows:
    """Filled with commits, oldest first."""

    def __init__(self) -> None:
        self._slots: dict[_At, deque[tuple[int, Commit]]] = {}

    def add(self, topic: str, partition: int, commit: Commit | None) -> None:
        """Take a commit; one that soon follows another takes its slot. None: all before it were deleted."""
        if commit is None:
            self._slots.pop((topic, partition), None)
            return
        slots = self._slots.setdefault((topic, partition), deque(maxlen=WINDOW))
        if slots and commit.committed_ms - slots[-1][0] < _DISTANCE_MS:
            slots[-1] = (slots[-1][0], commit)
        else:
            slots.append((commit.committed_ms, commit))

    def is_full(self, topic: str, partition: int) -> bool:
        """Say whether there is a whole window of commits."""
        return len(self._slots.get((topic, partition), ())) == WINDOW

    def newest(self) -> Mapping[_At, Sequence[Commit]]:
        """Return the windows, oldest commit first."""
        return {at: [commit for _, commit in slots] for at, slots in self._slots.items()}
