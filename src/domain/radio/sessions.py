"""Which session a frame belongs to where its server names none (TTN v2), and what a join told late changes."""

from domain.radio.recent_frames import times_of_copies
from domain.radio.segment import Segment, claim_from_zero, renamed
from domain.radio.uplink import Activation, Uplink

SESSIONS_KEPT = 4
"""Sessions of a device that late frames may still reach; the missing of older ones is final."""
CLOCK_NS = 30 * 1_000_000_000
"""A server may switch between its own and the gateway's clock, which may differ by this much (ChirpStack)."""

Joins = tuple[tuple[int, str], ...]
"""Network time in ns and name of the session, oldest first."""
Segments = tuple[Segment, ...]


def name_of(activation: Activation) -> str:
    """Return the name of the session that ``activation`` begins: its server's, else one made of its time."""
    return activation.session or f"join@{activation.network_ns}"


def with_join(joins: Joins, activation: Activation) -> Joins:
    """Return the latest of ``joins`` and ``activation``, by their own time: an old one told again ousts none."""
    return tuple(sorted((*joins, (activation.network_ns, name_of(activation)))))[-SESSIONS_KEPT:]


def session_of(uplink: Uplink, mark: int, joins: Joins, segments: Segments) -> str:
    """Return the session of a frame whose server names none: that of the last join before it.

    Where frames of a session came before and after it, it is of that session, whatever was told of joins. A frame from
    shortly before a join may be the first of the new session, by another clock, unless it goes on where the old one
    stood.
    """
    ns = uplink.network_ns
    for segment in segments:
        if segment.start_ns <= ns <= segment.last_ns:
            return segment.session
    running, coming = _session_at(joins, ns), _session_at(joins, ns + CLOCK_NS)
    if running == coming or _goes_on(uplink.f_cnt, mark, [each for each in segments if each.session == running]):
        return running
    return coming


def announced(activation: Activation, joins: Joins, segments: Segments) -> tuple[Segments, int]:
    """Return ``segments`` after a join that ``joins`` do not know yet, and how many breaks it explains.

    Its session is claimed from zero, also where frames of it came first. Those of a server without names for sessions
    were taken for the session before, begun anew without a sign.
    """
    name, explained = name_of(activation), 0
    if not activation.session:
        before, join_ns = _session_at(joins, activation.network_ns), activation.network_ns
        is_its = [each.session == before and each.start_ns >= join_ns for each in segments]
        explained = int(any(is_its) and any(each.session == before and each.start_ns < join_ns for each in segments))
        segments = tuple(renamed(each, name) if its else each for each, its in zip(segments, is_its, strict=True))
    return _claimed(segments, name), explained


def _claimed(segments: Segments, name: str) -> Segments:
    """Return ``segments`` with the first of the session claimed from zero; its others began with a break."""
    for index, segment in enumerate(segments):
        if segment.session == name:
            return (*segments[:index], claim_from_zero(segment), *segments[index + 1 :])
    return segments


def _session_at(joins: Joins, network_ns: int) -> str:
    return max((join for join in joins if join[0] <= network_ns), default=(0, ""))[1]


def _goes_on(f_cnt: int, mark: int, segments: list[Segment]) -> bool:
    """Say whether a frame continues or repeats the newest of ``segments``."""
    if not segments:
        return False
    newest = segments[-1]
    return f_cnt > newest.last or any(True for _ in times_of_copies(newest.recent, f_cnt, mark))
