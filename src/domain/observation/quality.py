"""How far a value can be trusted."""

from enum import StrEnum


class Quality(StrEnum):
    """What is known against a value; all but ``measured`` and ``substituted`` keep it out of a bill."""

    MEASURED = "measured"
    DEVICE_FLAGGED = "device_flagged"
    """The device itself calls the value doubtful."""
    IMPLAUSIBLE = "implausible"
    """Outside of what its measurand can be (domain.observation.plausibility)."""
    SUBSTITUTED = "substituted"
    """Not measured but put in its place, by interpolation or by hand."""
    UNIT_UNKNOWN = "unit_unknown"
    """The device names no unit: the number is kept as if it were in the measurand's own."""
    WITHDRAWN = "withdrawn"
    """A newer decoder says that there was no such value: stores keep the place, and nobody is given it."""
