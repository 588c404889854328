"""Where a device is: the best of what is known, never the newest guess."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from domain.observation import Position
from domain.position.fix import Fix, better, one_an_instant
from domain.position.source import GNSS, SURVEYED, rank

OUTDATED_NS = 3_600 * 1_000_000_000
"""A cleaning car crosses the city in half an hour: a good fix an hour older than a poor one is of another place."""


class BestPosition(Struct, frozen=True, gc=False):
    """The answer."""

    place: Position
    event_ns: int | None
    """When it was there; None: it was surveyed and stands there for good."""
    is_installed: bool
    """It does not move, whatever anybody solves."""


def best_position(surveyed: Position | None, fixes: Iterable[Fix], at_ns: int) -> BestPosition | None:
    """Return where a device is at ``at_ns``, or None where nobody knows.

    A surveyed place is the place: no fix moves an installed device. Of others the best source counts among the fixes of
    the last hour before the newest one, and of one source the newest fix.

    Args:
        surveyed: where the registry says that it was installed; None: it moves, or nobody has measured.
        fixes: all that were told up to ``at_ns``, in any order; later ones are left out.
        at_ns: the instant asked for.
    """
    if surveyed is not None:
        return BestPosition(surveyed, None, is_installed=True)
    known = [fix for fix in one_an_instant(fixes) if fix.event_ns <= at_ns]
    measured = [fix for fix in known if fix.place.source == SURVEYED]
    if measured:
        return BestPosition(measured[-1].place, measured[-1].event_ns, is_installed=True)
    if not known:
        return None
    newest_ns = known[-1].event_ns
    best = min((fix for fix in known if fix.event_ns >= newest_ns - OUTDATED_NS), key=better)
    return BestPosition(best.place, best.event_ns, is_installed=False)


def track(surveyed: Position | None, fixes: Iterable[Fix], since_ns: int, until_ns: int) -> Sequence[Fix]:
    """Return where a device was in ``[since_ns, until_ns)``, oldest first.

    What is typed in is no place where it has been. Of an installed device only its own receiver is asked, because what
    a network solves wanders around it.
    """
    known = [fix for fix in one_an_instant(fixes) if since_ns <= fix.event_ns < until_ns]
    worst = rank(GNSS if surveyed is not None else "rssi")
    return [fix for fix in known if rank(fix.place.source) <= worst]
