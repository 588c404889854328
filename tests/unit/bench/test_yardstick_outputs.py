"""Readings are compared however their records were cut and their numbers written."""

import msgspec

from bench.yardstick_outputs import Cells, Observation

_DECODE = msgspec.json.Decoder(Observation).decode


def cells(*records: str) -> Cells:
    found = Cells()
    for record in records:
        found.add(_DECODE(record))
    return found


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
