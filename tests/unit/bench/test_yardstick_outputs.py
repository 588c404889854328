"""Readings are compared however their records were cut and their numbers written."""

from pathlib import Path

import msgspec

from application.processing.frame_totals import FrameTotals
from bench.checks import Stored
from bench.city import Expected, Input, Lot
from bench.yardstick_outputs import Cells, Observation, Written, mistakes
from bench.yardstick_variants import MEMORY, MEMORY_ALL, OURS

_DECODE = msgspec.json.Decoder(Observation).decode
_LOT = Lot(Path("lot"), 2)
_GIVEN = Input(1, _LOT, _LOT, Expected(received=3, missing=1), [])


def cells(*records: str) -> Cells:
    found = Cells()
    for record in records:
        found.add(_DECODE(record))
    return found


def found(connections: int = 0, received: int = 0, missing: int = 0, radio: int = 7) -> Written:
    stored = Stored(4, 0, 0, 0, FrameTotals(devices=1, received=3, missing=1))
    days = FrameTotals(received=received, missing=missing)
    return Written(stored, 5, connections, radio, days, {"radio_metadata": connections}, 100)


def observation(readings: str, event_ns: int = 7) -> str:
    return f'{{"dev_eui":"02","event_ns":{event_ns},"readings":[{readings}]}}'


def reading(measurand: str, value: str) -> str:
    return f'{{"measurand":"{measurand}","channel":"","value":{value}}}'


def test_readings_of_an_instant_may_come_in_two_records_or_in_one() -> None:
    apart = cells(observation(reading("a", "1")), observation(reading("b", "2")))
    together = cells(observation(f"{reading('b', '2')},{reading('a', '1')}"))

    assert (apart.values, apart.instants, apart.readings) == (together.values, 1, 2)


def test_a_repeated_record_counts_once() -> None:
    once, twice = cells(observation(reading("a", "1"))), cells(*2 * [observation(reading("a", "1"))])

    assert (twice.values, twice.readings) == (once.values, 1)


def test_a_whole_number_may_be_written_with_a_point() -> None:
    assert cells(observation(reading("a", "21"))).values == cells(observation(reading("a", "21.0"))).values


def test_true_is_no_number() -> None:
    assert cells(observation(reading("a", "true"))).values != cells(observation(reading("a", "1"))).values


def test_another_value_or_another_instant_is_another_reading() -> None:
    one = cells(observation(reading("a", "1"))).values

    assert one != cells(observation(reading("a", "2"))).values
    assert one != cells(observation(reading("a", "1"), event_ns=8)).values


def test_what_nobody_asked_for_and_what_is_missing_are_mistakes() -> None:
    complete, narrow = found(connections=3, received=3, missing=1), found()

    assert mistakes(_GIVEN, OURS, complete, complete) == mistakes(_GIVEN, MEMORY, narrow, complete) == []
    assert mistakes(_GIVEN, MEMORY, complete, complete)
    assert mistakes(_GIVEN, MEMORY_ALL, narrow, complete)


def test_a_frame_without_radio_metadata_is_a_mistake() -> None:
    less = found(connections=2, received=3, missing=1)

    assert mistakes(_GIVEN, OURS, less, less) == ["radio metadata: 2 of 3", "records of radio metadata: 2 of 3"]


def test_other_radio_metadata_than_those_of_the_first_run_are_a_mistake() -> None:
    one, other = found(connections=3, received=3, missing=1), found(connections=3, received=3, missing=1, radio=9)

    assert mistakes(_GIVEN, OURS, other, one) == ["some radio metadata are not those of the first run"]
