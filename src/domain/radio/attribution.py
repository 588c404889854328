"""Who lost it: what a run of missing counters is booked to (the ledger's definition, rule 7).

A gap is presumed to be the radio's until a recorded outage covers its time, or messages that nobody could read account
for it. Frames are taken to have been sent evenly between the two that were received around the gap.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from domain.radio.day_calendar import seconds
from domain.radio.runs import Run

Cause = Literal["ingest", "network"]


class Outage(Struct, frozen=True, gc=False):
    """A recorded time in which frames of a source did not come through; intervals are half open."""

    source: str
    since_ns: int
    until_ns: int
    cause: Cause = "ingest"
    """Ours (ingest), or the network server's and its gateways' (network)."""


class Lost(NamedTuple):
    """Missing frames by who is presumed to have lost them."""

    radio: int = 0
    network: int = 0
    ingest: int = 0


def lost(runs: Iterable[Run], outages: Sequence[Outage], unparsed_s: Sequence[int]) -> Lost:
    """Return what the missing counters of ``runs`` are booked to.

    ``outages``: those of their source; ``unparsed_s``: seconds at which messages of the device came that could not be
    read. Each of them explains one missing frame of the gap it fell into.
    """
    radio = network = ingest = 0
    for run in runs:
        missing = run.missing
        ours = min(missing, _within(run, outages, "ingest"))
        ours += min(missing - ours, sum(run.since_s < second <= run.until_s for second in unparsed_s))
        theirs = min(missing - ours, _within(run, outages, "network"))
        radio, network, ingest = radio + missing - ours - theirs, network + theirs, ingest + ours
    return Lost(radio, network, ingest)


def _within(run: Run, outages: Sequence[Outage], cause: Cause) -> int:
    """Return how many frames of ``run`` fell into outages of that cause."""
    return sum(_covered(run, each) for each in outages if each.cause == cause)


def _covered(run: Run, outage: Outage) -> int:
    """Return how many of ``run`` were sent within ``outage``; the k-th of n: at since + (until - since) k / (n + 1)."""
    gaps, length = run.missing + 1, run.until_s - run.since_s
    if length <= 0:
        inside = seconds(outage.since_ns) <= run.until_s < seconds(outage.until_ns)
        return run.missing if inside else 0
    before_since = _sent_before(seconds(outage.since_ns) - run.since_s, gaps, length)
    before_until = _sent_before(seconds(outage.until_ns) - run.since_s, gaps, length)
    return max(0, before_until - before_since)


def _sent_before(elapsed_s: int, gaps: int, length_s: int) -> int:
    """Return how many of the ``gaps - 1`` frames were sent before ``elapsed_s`` of ``length_s`` had gone by."""
    return min(max(-(-elapsed_s * gaps // length_s) - 1, 0), gaps - 1)
