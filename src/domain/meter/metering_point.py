"""Metering points and meters: the place that has a history, and the thing that is exchanged."""

from msgspec import Struct

from domain.meter.identifiers import MeterId, PointId
from domain.meter.medium import Medium


class MeteringPoint(Struct, frozen=True, gc=False, omit_defaults=True, tag="metering_point"):
    """Where something is metered; consumption is its own, whichever meter hangs there."""

    point: PointId
    written_us: int
    """When we learned it, µs since 1970-01-01 UTC; the later of two versions wins."""
    medium: Medium
    zone: str = ""
    """Part of the city or of the network, for read rates."""
    name: str = ""
    """What people call it."""
    data_class: str = ""
    """Raises or lowers the data class of its readings; empty: as the catalogue says."""
    labels: dict[str, str] = {}

    @property
    def key(self) -> str:
        """The point's name."""
        return self.point


class Meter(Struct, frozen=True, gc=False, omit_defaults=True, tag="meter"):
    """A meter, wherever it hangs."""

    meter: MeterId
    written_us: int
    """As for a metering point."""
    medium: Medium
    serials: tuple[str, ...] = ()
    """Every way its own number is written: on the plate, in its telegrams. Empty: not known, nothing contradicts it."""
    calibrated_until_ns: int = 0
    """The first instant at which its calibration is no longer valid; 0: not known."""
    model: str = ""

    @property
    def key(self) -> str:
        """The meter's name."""
        return self.meter

    def is_called(self, serial: str) -> bool:
        """Say whether ``serial`` is this meter's: letters and digits count, case and leading zeros do not."""
        wanted = _bare(serial)
        return not self.serials or any(_bare(known) == wanted for known in self.serials)


def _bare(serial: str) -> str:
    return "".join(each for each in serial if each.isalnum()).casefold().lstrip("0")
