"""Master data that changes on a day: each version says from when it holds, and holds until the next one does."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Protocol, TypeVar

from domain.rfc3339 import format_rfc3339


class Dated(Protocol):
    """A version of a record."""

    @property
    def valid_from_ns(self) -> int:
        """First instant of its validity, ns since 1970-01-01 UTC; 0: from the beginning."""


Version = TypeVar("Version", bound=Dated)


def dated_key(name: str, valid_from_ns: int) -> str:
    """Return the key of the version of ``name`` that holds from ``valid_from_ns``."""
    return f"{name}/{format_rfc3339(valid_from_ns)}"


def valid_at(versions: Iterable[Version], at_ns: int) -> Version | None:
    """Return the version that holds at ``at_ns``, or None before the first."""
    begun = [each for each in versions if each.valid_from_ns <= at_ns]
    return max(begun, key=_valid_from_ns, default=None)


def validities(versions: Iterable[Version], since_ns: int, until_ns: int) -> Sequence[tuple[Version, int, int]]:
    """Return each version that holds somewhere in ``[since_ns, until_ns)``, with the part of it in which it does."""
    ordered = sorted(versions, key=_valid_from_ns)
    clipped = (
        (each, max(each.valid_from_ns, since_ns), min(after.valid_from_ns, until_ns) if after else until_ns)
        for each, after in zip_longest(ordered, ordered[1:])
    )
    return [(each, start_ns, end_ns) for each, start_ns, end_ns in clipped if start_ns < end_ns]


def _valid_from_ns(version: Dated) -> int:
    return version.valid_from_ns
