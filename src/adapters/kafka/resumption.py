"""Where processing of a partition goes on: from what the group committed, if log and changelog agree with it.

A log that was deleted and created anew starts its positions again at 0. Whoever went on as if nothing had happened
would skip its uplinks, or take them for repeats of the old ones; so every contradiction stops us (exit code 78).
"""

from msgspec import Struct

from application.errors import WrongShape


class Standing(Struct, frozen=True):
    """What is known of one partition before work on it begins."""

    partition: int
    committed: int | None
    """Where the group goes on; None: it never committed."""
    begin: int
    """First position the log still holds."""
    end: int
    """The one after its last record."""
    remembered: int | None
    """The greatest position in the changelog; None: it is empty."""
    was_written: bool = True
    """Whether the changelog, as it is, ever had a record: each has one before the group has a position."""


def first_offset(standing: Standing) -> int:
    """Return the position to begin with.

    Raises:
        WrongShape: the log is not the one that was worked on, or no longer holds what was not worked on.
    """
    committed, remembered = standing.committed, standing.remembered
    if committed is None:
        if remembered is None:
            return standing.begin
        raise _contradiction(
            standing,
            f"devices are remembered up to {remembered}, but the group has no position: the topic was created anew,"
            " or the group's positions were deleted",
        )
    if not standing.was_written:
        raise _contradiction(
            standing,
            f"the group goes on at {committed}, but nothing was ever written to the changelog: it was deleted, or"
            " created anew, and all devices would be new ones",
        )
    if remembered is not None and standing.end <= remembered:
        raise _contradiction(
            standing,
            f"devices are remembered up to {remembered}, but the log ends at {standing.end}: it was created anew",
        )
    if committed > standing.end:
        raise _contradiction(
            standing, f"the group goes on at {committed}, but the log ends at {standing.end}: it was created anew"
        )
    if committed < standing.begin:
        raise _contradiction(
            standing,
            f"the group goes on at {committed}, but the log begins at {standing.begin}: {standing.begin - committed}"
            " uplinks were removed before they were processed",
        )
    return committed


def _contradiction(standing: Standing, what: str) -> WrongShape:
    return WrongShape(
        f"partition {standing.partition} of the uplinks: {what}. Nothing is skipped silently: restore the"
        " topic, or accept the loss: move the group (kafka-consumer-groups --reset-offsets); if the log or the"
        " changelog is new, delete the group's positions instead (--delete-offsets), and create the changelog anew"
        " with the log: all that the log holds is then processed again",
        partition=str(standing.partition),
    )
