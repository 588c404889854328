"""Counts of the frames of one device at one network server."""

from msgspec import Struct


class FrameCounts(Struct, frozen=True, gc=False, array_like=True):
    """Counts over all segments, closed ones included."""

    received: int = 0
    duplicate: int = 0
    redelivered: int = 0
    late: int = 0
    """Of the received: came after a later one."""
    empty: int = 0
    """Of the received: MAC commands or acknowledgements only."""
    undecodable: int = 0
    """Of the received: its payload could not be read."""
    breaks: int = 0
    """Starts of the counter that no activation announced."""
    sessions: int = 0

    def plus(  # noqa: PLR0913  one for each count
        self,
        *,
        received: int = 0,
        duplicate: int = 0,
        redelivered: int = 0,
        late: int = 0,
        empty: int = 0,
        undecodable: int = 0,
        breaks: int = 0,
        sessions: int = 0,
    ) -> "FrameCounts":
        """Return the counts with so many more."""
        return FrameCounts(
            self.received + received,
            self.duplicate + duplicate,
            self.redelivered + redelivered,
            self.late + late,
            self.empty + empty,
            self.undecodable + undecodable,
            self.breaks + breaks,
            self.sessions + sessions,
        )
