"""The assignments of a city, found by what they claim, so that a new one meets only those it could overlap."""

from collections.abc import Iterable

from domain.meter.assignment import Assignment, MeterAtPoint, check_assignment

_Claim = tuple[str, str]


class Assignments:
    """Assignments of one kind: meters at points, or devices at meters."""

    def __init__(self, known: Iterable[Assignment] = ()) -> None:
        self._by_key: dict[str, Assignment] = {}
        self._keys: dict[_Claim, set[str]] = {}
        for each in known:
            self._add(each)

    def add(self, new: Assignment) -> None:
        """Take ``new`` in; it replaces the one with its own key.

        Raises:
            InvalidValue: it ends before it starts, or starts before 1970.
            AssignmentsOverlap: another claims the same point, meter or input at the same time.
        """
        keys = {key for claim in _claims(new) for key in self._keys.get(claim, ())}
        check_assignment(new, [self._by_key[key] for key in sorted(keys)])
        self._add(new)

    def _add(self, new: Assignment) -> None:
        before = self._by_key.get(new.key)
        for claim in _claims(before) if before is not None else ():
            self._keys[claim].discard(new.key)
        self._by_key[new.key] = new
        for claim in _claims(new):
            self._keys.setdefault(claim, set()).add(new.key)


def _claims(assignment: Assignment) -> tuple[_Claim, _Claim]:
    if isinstance(assignment, MeterAtPoint):
        return ("point", assignment.point), ("meter", assignment.meter)
    return ("meter", assignment.meter), ("device", assignment.dev_eui)
