"""Counts of the frames of one device at one network server, over a day or over all time."""

from msgspec import Struct


class FrameCounts(Struct, frozen=True, gc=False, array_like=True):
    """Expected = received + missing."""

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
    missing: int = 0
    """A missing counter belongs to the day of the next higher received one."""
    recovered: int = 0
    """Of the received: filled a gap ten minutes and more after the network had received it, or only the network
    server's store of messages had it."""
    server_only: int = 0
    """Frames known only from the network server's log: it dropped them; they are no gap."""

    def plus(self, other: "FrameCounts") -> "FrameCounts":
        """Return the sum."""
        return FrameCounts(
            self.received + other.received,
            self.duplicate + other.duplicate,
            self.redelivered + other.redelivered,
            self.late + other.late,
            self.empty + other.empty,
            self.undecodable + other.undecodable,
            self.breaks + other.breaks,
            self.sessions + other.sessions,
            self.missing + other.missing,
            self.recovered + other.recovered,
            self.server_only + other.server_only,
        )


NO_FRAMES = FrameCounts()
