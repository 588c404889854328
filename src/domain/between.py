"""An instant that is known within bounds: what happened between two reports happened somewhere between them."""

from msgspec import Struct


class Between(Struct, frozen=True, gc=False):
    """Not before ``earliest_ns`` and not after ``latest_ns``, both ns since 1970-01-01 UTC."""

    earliest_ns: int | None
    """None: nothing is known of the time before."""
    latest_ns: int

    @property
    def is_exact(self) -> bool:
        """Whether the instant itself is known."""
        return self.earliest_ns == self.latest_ns

    def lies_within(self, since_ns: int, until_ns: int) -> bool:
        """Say whether it happened in ``[since_ns, until_ns)``, for certain."""
        return self.earliest_ns is not None and since_ns <= self.earliest_ns and self.latest_ns < until_ns

    def may_lie_within(self, since_ns: int, until_ns: int) -> bool:
        """Say whether it can have happened in ``[since_ns, until_ns)``."""
        return self.latest_ns >= since_ns and (self.earliest_ns is None or self.earliest_ns < until_ns)


def exactly(at_ns: int) -> Between:
    """Return the known instant ``at_ns``."""
    return Between(at_ns, at_ns)
