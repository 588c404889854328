"""What can have happened between two reports of a sensor: how often the state changed, and when it did so last.

A sensor speaks when the state changes. So where no frame was lost between two reports, nothing changed between them,
and a new state began with the report that tells it. Where frames were lost, or the sensor began anew, cars may have
come and gone unseen: the changes are bounded by the number of lost frames, never guessed.
"""

from msgspec import Struct

from domain.between import Between, exactly
from domain.parking.spot_report import ReportKind, SpotReport


class Transition(Struct, frozen=True, gc=False):
    """From the state of one report to that of the next."""

    before: SpotReport
    after: SpotReport
    lost_frames: int
    restarted: bool
    """The sensor began anew between the two; how often the state changed cannot be bounded."""
    may_be_heartbeat: bool = False
    """The sensor does not say why it spoke, and had been silent for as long as heartbeats are apart."""

    @property
    def changed(self) -> bool:
        """Whether the two states differ."""
        return self.before.occupied is not self.after.occupied

    @property
    def is_told(self) -> bool:
        """Whether the later report says that the state began with it, whatever was lost before."""
        return self.after.kind is ReportKind.CHANGE and not self.restarted

    @property
    def least_changes(self) -> int:
        """How often the state changed at least."""
        if self.changed:
            return 1
        return 2 if self.is_told and self.lost_frames else 0

    @property
    def most_changes(self) -> int | None:
        """How often the state can have changed: once for each lost frame, and for the last one if it may be a change.

        None: without bound.
        """
        if self.restarted:
            return None
        least = self.least_changes
        told = self.lost_frames + (self.after.kind is not ReportKind.HEARTBEAT)
        most = told - (told - least) % 2  # it ends in the state of the later report
        return max(least, most) if self.lost_frames else least

    @property
    def since(self) -> Between:
        """When the state of the later report began, if it began between the two."""
        is_heartbeat = self.may_be_heartbeat or self.after.kind is ReportKind.HEARTBEAT
        exact = self.is_told or not (self.lost_frames or self.restarted or is_heartbeat)
        return exactly(self.after.event_ns) if exact else Between(self.before.event_ns, self.after.event_ns)

    @property
    def between(self) -> Between:
        """Where its other changes lie."""
        return Between(self.before.event_ns, self.after.event_ns)
