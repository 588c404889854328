"""The truth as a file: what was told, line by line."""

import json
from pathlib import Path

import pytest

from adapters.simulated_city import SimulatedCity, TruthFile
from adapters.simulated_city.truth_file import read_truth
from application.errors import Unavailable
from tests.support.clock import FakeClock
from tests.unit.adapters.simulated_city.cities import settings, whole_run


def test_a_file_holds_what_was_told(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    with SimulatedCity(settings(truth_file=str(path)), FakeClock()) as city:
        messages = list(city.messages())
    expected_messages, truth = whole_run(settings())
    assert messages == expected_messages
    assert sorted(map(str, read_truth(path))) == sorted(
        map(str, [*truth.readings, *truth.poison, *truth.devices.values()])
    )


def test_every_line_is_an_object_of_its_kind(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    with SimulatedCity(settings(truth_file=str(path), poison=0.1), FakeClock()) as city:
        list(city.messages())
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert {line["kind"] for line in lines} == {"reading", "poison", "device"}
    assert lines[-1]["kind"] == "device"


def test_devices_are_told_once_even_if_the_run_is_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    with SimulatedCity(settings(truth_file=str(path), uplinks=0), FakeClock()) as city:
        messages = city.messages()
        for _ in range(200):
            next(messages)
    devices = [line for line in path.read_text().splitlines() if '"kind":"device"' in line]
    assert len(devices) == 30


def test_the_truth_of_a_bounded_run_is_on_disk_with_its_last_message(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    with SimulatedCity(settings(truth_file=str(path)), FakeClock()) as city:
        list(city.messages())
        assert path.read_text().count('"kind":"device"') == 30


def test_a_file_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    truth = TruthFile(tmp_path / "nowhere" / "truth.jsonl")
    with pytest.raises(Unavailable, match="truth_file"):
        truth.open()


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    truth = TruthFile(tmp_path / "truth.jsonl")
    truth.open()
    truth.close()
    truth.close()
