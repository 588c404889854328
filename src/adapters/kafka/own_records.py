"""Which positions of a changelog partition hold what we wrote: whatever else stands there, another owner has written.

The broker says where it put each of our batches, so nothing of our own is ever read back.
"""


class OwnRecords:
    """Positions from where the restore ended up to the last look, as far as they are ours."""

    def __init__(self, begin: int) -> None:
        """Begin at the position after the last record that was restored."""
        self._begin = begin
        self._seen_end = begin
        self._ours: list[range] = []
        """In the order of writing; neighbours are joined."""

    def wrote(self, first: int, records: int) -> None:
        """Take note that ``records`` from position ``first`` on are ours."""
        begin = self._ours.pop().start if self._ours and self._ours[-1].stop == first else first
        self._ours.append(range(begin, first + records))

    def others(self) -> list[range]:
        """Return what another has written up to the end that was last seen.

        Up to that end only: what was on its way then is acknowledged by now, and known to be ours.
        """
        begin, found = self._begin, []
        for ours in self._ours:
            found.append(range(begin, min(ours.start, self._seen_end)))
            begin = max(begin, ours.stop)
        found.append(range(begin, self._seen_end))
        return [each for each in found if each]

    def looked(self, end: int) -> None:
        """Forget what ``others`` told, for it was looked at; the partition ends at ``end`` now."""
        self._begin = self._seen_end
        self._seen_end = max(end, self._seen_end)
        self._ours = [each for each in self._ours if each.stop > self._begin]
