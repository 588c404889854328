"""Joins, and which frames they divide from which.

Where a server names sessions (TTS ``session_key_id``), the name tells. Where it gives the DevAddr only (ChirpStack),
or nothing (TTN v2), a join divides the frames before it from those after it: by network time, whichever of them was
told first.
"""

from typing import NamedTuple

from domain.radio.uplink import Activation, Uplink

CLOCK_S = 30
CLOCK_NS = CLOCK_S * 1_000_000_000
"""A server may switch between its own and the gateway's clock, which may differ by this much (ChirpStack)."""
_JOINS_KEPT = 8
"""A device that joins more often before it is heard is known by its last joins."""


class Join(NamedTuple):
    """An activation, as the account remembers it."""

    network_ns: int
    session: str
    dev_addr: str


Joins = tuple[Join, ...]
"""Oldest first."""


def with_join(joins: Joins, activation: Activation) -> Joins:
    """Return the latest of ``joins`` and ``activation``, by their own time: an old one told again ousts none."""
    join = Join(activation.network_ns, activation.session, activation.dev_addr)
    return tuple(sorted((*joins, join)))[-_JOINS_KEPT:]


class LineName(NamedTuple):
    """What tells the frames of a device apart before any join is asked."""

    name: str
    """The session's name, else the DevAddr, else nothing."""
    is_named: bool
    """The name is the server's, and proves the session."""
    dev_addr: str = ""
    """Of a named line, where the server gives it: what a frame without the name is known by."""


def line_of(uplink: Uplink) -> LineName:
    """Return the name of the line to which a frame belongs, as it says itself; see ``session_names.line_among``."""
    if uplink.session:
        return LineName(uplink.session, is_named=True, dev_addr=uplink.dev_addr)
    return LineName(uplink.dev_addr, is_named=False)


class SessionLine(NamedTuple):
    """Frames of one name: of one session where the server names it, else of all sessions with that DevAddr."""

    name: str
    is_named: bool
    """The name is the server's, and proves the session."""
    joins_ns: tuple[int, ...]
    """Network times of the joins that speak of it, oldest first."""
    dev_addr: str = ""
    """Of a named line."""

    def join_at(self, network_ns: int) -> int:
        """Return the last join by ``network_ns``; 0: none is known."""
        return max((each for each in self.joins_ns if each <= network_ns), default=0)

    def join_of_first(self, network_ns: int) -> int:
        """Return the join of a frame that is the first of its line; 0: none is known."""
        return self.joins_ns[0] if self.is_named and self.joins_ns else self.join_at(network_ns + CLOCK_NS)


def session_line(line: LineName, joins: Joins) -> SessionLine:
    """Return the line of that name."""
    name = line.name
    if line.is_named:
        times = (join.network_ns for join in joins if join.session == name)
    else:
        unnamed = (join for join in joins if not join.session)
        times = (join.network_ns for join in unnamed if not name or join.dev_addr in (name, ""))
    return SessionLine(name, line.is_named, tuple(times), line.dev_addr)
