"""The history of a spot in phases: occupied, free, or nobody knows."""

from collections.abc import Sequence

from msgspec import Struct

from domain.between import Between, exactly
from domain.parking.spot_report import ReportKind
from domain.parking.transition import Transition
from domain.parking.transitions import Evidence


class Phase(Struct, frozen=True, gc=False):
    """A time in which the state of a spot was the same; it ends where the next one begins."""

    occupied: bool | None
    """None: not known."""
    since: Between
    unbroken: bool = True
    """False: frames were lost, or the sensor began anew, so that it may have been interrupted unseen."""
    reason: str = ""
    """Why it is not known: ``restarted``, ``frames_lost`` or ``silent``."""


def phases(known: Evidence, silent_since_ns: int | None = None) -> Sequence[Phase]:
    """Return the phases that ``known`` tells of, oldest first; the time before the first is not known.

    Args:
        known: what the sensor said.
        silent_since_ns: when the sensor was heard last, if it should have spoken again since.
    """
    if known.first is None:
        return ()
    first = known.first
    told = first.kind is ReportKind.CHANGE
    found = [Phase(first.occupied, exactly(first.event_ns) if told else Between(None, first.event_ns))]
    for transition in known.transitions:
        _go_on(found, transition)
    unknown = _unknown_since(known, silent_since_ns)
    return [*found, unknown] if unknown else found


def _go_on(found: list[Phase], transition: Transition) -> None:
    """Add to the phases ``found`` what ``transition`` brings."""
    doubted = bool(transition.lost_frames or transition.restarted)
    if transition.changed:
        if doubted and transition.since.is_exact:
            found[-1] = _doubted(found[-1])
        found.append(Phase(transition.after.occupied, transition.since))
    elif transition.least_changes:
        found.append(Phase(not transition.after.occupied, transition.between))
        found.append(Phase(transition.after.occupied, transition.since))
    elif doubted:
        found[-1] = _doubted(found[-1])


def _doubted(phase: Phase) -> Phase:
    return Phase(phase.occupied, phase.since, unbroken=False)


def _unknown_since(known: Evidence, silent_since_ns: int | None) -> Phase | None:
    """Return the phase of not knowing that follows the last report, or None."""
    last = known.last
    if last is None:
        return None
    if known.doubtful is not None:
        return Phase(None, Between(last.event_ns, known.doubtful.event_ns), reason="restarted")
    if known.lost_after:
        return Phase(None, exactly(last.event_ns), reason="frames_lost")
    if silent_since_ns is not None:
        return Phase(None, exactly(max(silent_since_ns, last.event_ns)), reason="silent")
    return None
