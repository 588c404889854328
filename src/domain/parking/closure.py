"""Planned closures: a market, a tree to be cut, a crane. Nobody parks there, and no sensor is asked."""

from collections.abc import Iterable

from msgspec import Struct

from domain.dated import dated_key


class Closure(Struct, frozen=True, gc=False, omit_defaults=True, tag="parking_closure"):
    """A spot, or all spots of a zone, out of service for some time."""

    written_us: int
    from_ns: int
    """First instant, ns since 1970-01-01 UTC."""
    until_ns: int = 0
    """First instant after it; 0: not known yet; the same as ``from_ns``: called off."""
    spot_id: str = ""
    zone: str = ""
    """Where no spot is named."""
    reason: str = ""

    @property
    def key(self) -> str:
        """Return what the record is stored under."""
        return dated_key(f"spot:{self.spot_id}" if self.spot_id else f"zone:{self.zone}", self.from_ns)

    def covers(self, spot_id: str, zone: str, at_ns: int) -> bool:
        """Say whether the spot is closed by it at ``at_ns``."""
        named = self.spot_id == spot_id if self.spot_id else bool(zone) and self.zone == zone
        return named and self.from_ns <= at_ns and (not self.until_ns or at_ns < self.until_ns)


def closure_at(closures: Iterable[Closure], spot_id: str, zone: str, at_ns: int) -> Closure | None:
    """Return the closure of the spot at ``at_ns`` that ends last, or None."""
    covering = [each for each in closures if each.covers(spot_id, zone, at_ns)]
    return max(covering, key=_end, default=None)


def _end(closure: Closure) -> float:
    return closure.until_ns or float("inf")
