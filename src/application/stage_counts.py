"""Counters of one stage: plain integers, read by the live view, tests and telemetry.

Conservation law, in input records: in = out + dead + duplicate + redelivered + ignored + in flight.
"""

from collections import Counter, deque

_SAMPLES = 10_000
"""Latency samples kept: a minute at 150 batches a second, for whoever reads them."""


class StageCounts:
    """Owned by the use case that adds to them; they start at zero with the process."""

    __slots__ = (
        "came_in",
        "dead",
        "duplicate",
        "ignored",
        "late",
        "latencies_us",
        "notices",
        "out",
        "readings",
        "redelivered",
    )

    def __init__(self) -> None:
        self.came_in = 0
        self.out = 0
        """Records that had their effect, those that yield no reading (MAC commands, joins) included."""
        self.dead = 0
        self.duplicate = 0
        self.redelivered = 0
        """Repeats by a transport, or by our own log after a restart; no effect."""
        self.ignored: Counter[str] = Counter()
        """By reason."""
        self.readings = 0
        """Not part of the law: readings in the records that went out."""
        self.late = 0
        """Not part of the law: frames that filled a gap."""
        self.notices: Counter[str] = Counter()
        """Not part of the law: what frames say that is no reading, by its code (domain.decoding.Notice)."""
        self.latencies_us: deque[int] = deque(maxlen=_SAMPLES)
        """Not part of the law: receipt of a batch's oldest message to its durable result; its reader empties it."""

    @property
    def in_flight(self) -> int:
        """Records taken in and not yet accounted for."""
        settled = self.out + self.dead + self.duplicate + self.redelivered + self.ignored.total()
        return self.came_in - settled

    def ignore(self, reason: str) -> None:
        """Count one record that is no concern of ours."""
        self.ignored[reason] += 1

    def add(self, other: "StageCounts") -> None:
        """Add the counts of a batch, once it is durable."""
        self.came_in += other.came_in
        self.out += other.out
        self.dead += other.dead
        self.duplicate += other.duplicate
        self.redelivered += other.redelivered
        self.readings += other.readings
        self.late += other.late
        self.ignored.update(other.ignored)
        self.notices.update(other.notices)
