"""Whether what was measured was also done: a pipeline that loses messages is fast."""

from collections.abc import Mapping

from msgspec import Struct

from application.processing.frame_totals import FrameTotals
from application.stage_counts import StageCounts
from bench.city import Input


class Stored(Struct, frozen=True):
    """What a platform holds when all is done."""

    uplinks: int
    """Messages in the raw log."""
    observations: int
    readings: int
    letters: int
    frames: FrameTotals


def differences(given: Input, stored: Stored, dropped: int = 0) -> list[str]:
    """Return what is not as ``given`` asks; where a broker dropped some only the raw log can be compared."""
    expected = given.expected
    logged = {"raw log": (stored.uplinks, given.first.messages + given.known.messages - dropped)}
    if dropped:
        return differing(logged)
    return differing(
        logged
        | {
            "observations": (stored.observations, expected.observations),
            "readings": (stored.readings, expected.readings),
            "devices": (stored.frames.devices, given.devices),
            "frames received": (stored.frames.received, expected.received),
            "frames missing": (stored.frames.missing, expected.missing),
            "frames duplicate": (stored.frames.duplicate, expected.duplicate),
            # Pieces of payloads that were given up come on top of the poison.
            "dead letters": (min(stored.letters, expected.poison), expected.poison),
        }
    )


def unbalanced(stages: Mapping[str, StageCounts]) -> list[str]:
    """Return the stages whose counts do not obey the conservation law."""
    return [f"{stage} lost {counts.in_flight}" for stage, counts in stages.items() if counts.in_flight]


def differing(pairs: Mapping[str, tuple[int, int]]) -> list[str]:
    """Return the pairs of found and expected that are not equal, as text."""
    return [f"{name}: {found} of {expected}" for name, (found, expected) in pairs.items() if found != expected]
