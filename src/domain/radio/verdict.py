"""What a frame is to the account of its device."""

from enum import IntEnum


class Verdict(IntEnum):
    """Decides whether a frame is counted, and whether its payload is read."""

    NEW = 0
    """Counted as received; its payload is read."""
    LATE = 1
    """As NEW, and it takes back what was counted as missing."""
    DUPLICATE = 2
    """A repeat of a received frame, heard by the network at another time (rule 3)."""
    REDELIVERED = 3
    """The same message once more: a transport repeated itself, the device did not."""
    FORGOTTEN = 4
    """Older than what the account remembers: whether it was counted, only a recount can tell. Its payload is read."""
