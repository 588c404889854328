"""A run is compared with the truth."""

from pathlib import Path

from msgspec.structs import replace

from application.processing.frame_totals import FrameTotals
from application.stage_counts import StageCounts
from bench.checks import Stored, differences, unbalanced
from bench.city import Expected, Input, Lot

_EXPECTED = Expected(observations=90, readings=200, poison=2, received=95, missing=5, duplicate=1)
_GIVEN = Input(10, Lot(Path("first"), 40), Lot(Path("known"), 60), _EXPECTED, ["v3/#"])
_ALL = Stored(100, 90, 200, 2, FrameTotals(devices=10, received=95, missing=5, duplicate=1))


def test_what_is_as_it_should_be_has_no_difference() -> None:
    assert differences(_GIVEN, _ALL) == []


def test_every_difference_is_named_with_both_figures() -> None:
    found = differences(_GIVEN, replace(_ALL, readings=199, frames=replace(_ALL.frames, missing=6)))

    assert found == ["readings: 199 of 200", "frames missing: 6 of 5"]


def test_letters_beside_the_poison_are_no_mistake_and_fewer_are() -> None:
    assert differences(_GIVEN, replace(_ALL, letters=3)) == []
    assert differences(_GIVEN, replace(_ALL, letters=1)) == ["dead letters: 1 of 2"]


def test_of_a_run_from_which_a_broker_dropped_messages_the_raw_log_is_compared() -> None:
    assert differences(_GIVEN, replace(_ALL, uplinks=97, readings=190), dropped=3) == []
    assert differences(_GIVEN, replace(_ALL, uplinks=96), dropped=3) == ["raw log: 96 of 97"]


def test_a_stage_that_lost_a_record_is_named() -> None:
    counts = StageCounts()
    counts.came_in, counts.out = 5, 4

    assert unbalanced({"process": counts, "sink": StageCounts()}) == ["process lost 1"]
