"""What people at a terminal see of readings and devices."""

from io import StringIO

import pytest
from rich.console import Console

from application.ports.reading_query import StoredReading
from domain.device import Device, DeviceState, FrameSummary, LatestValue
from domain.identifiers import DevEui
from domain.observation import Position, Reading, Value
from stadtfunk.tables import print_device, print_devices, print_readings, readings_table, unit_text, value_text
from tests.support.builders import DEV, NOON_NS

ENERGY = "electricity.energy.active.import"


def a_stored_reading(reading: Reading) -> StoredReading:
    """Return ``reading`` as it was stored at noon."""
    return StoredReading(DevEui(DEV), NOON_NS + 1, reading, 1, "network", 0, "", "", "swu", 0)


@pytest.mark.parametrize(
    "value,exponent,text",
    [
        (5_528_152_815, -4, "552815.2815"),
        (2**60 + 1, -4, "115292150460684.6977"),
        (7, 0, "7"),
        (21.5, 0, "21.5"),
        (float("nan"), 0, ""),
        (True, 0, "yes"),
        (False, 0, "no"),
        ("startup", 0, "startup"),
        (Position(484_000_000, -99_876_543), 0, "48.4000000 -9.9876543"),
    ],
)
def test_a_value_has_all_its_digits(value: Value, exponent: int, text: str) -> None:
    assert value_text(value, exponent) == text


@pytest.mark.parametrize(
    "measurand,text",
    [(ENERGY, "Wh"), ("water.volume", "L"), ("parking.occupied", ""), ("electricity.power_factor", ""), ("x", "")],
)
def test_a_unit_is_what_people_write(measurand: str, text: str) -> None:
    assert unit_text(measurand) == text


def test_a_reading_is_one_line_that_is_not_cut(capsys: pytest.CaptureFixture[str]) -> None:
    print_readings([a_stored_reading(Reading(ENERGY, "t1", 5_528_152_815, -4))])
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.split() == ["2026-01-01", "12:00:00", DEV, ENERGY, "t1", "552815.2815", "Wh"]


def test_in_a_narrow_terminal_nothing_is_cut() -> None:
    out = StringIO()
    table = readings_table([a_stored_reading(Reading(ENERGY, "t1", 2**60 + 1, -4, "implausible"))])
    Console(file=out, width=100).print(table)
    heading, *lines = out.getvalue().splitlines()
    start, end = heading.index("measurand"), heading.index("channel")
    assert "".join(line[start:end].strip() for line in lines) == ENERGY
    assert "115292150460684.6977" in lines[0]


def test_columns_without_content_are_left_out() -> None:
    table = readings_table([a_stored_reading(Reading("parking.occupied", "", value=True))])
    assert [column.header for column in table.columns] == ["time (UTC)", "device", "measurand", "value"]


def test_a_doubtful_reading_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    print_readings([a_stored_reading(Reading(ENERGY, "", 1, -4, "implausible"))])
    assert "implausible" in capsys.readouterr().out


def test_nothing_found_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    print_readings([])
    print_devices([])
    assert capsys.readouterr().out == "no readings\nno devices\n"


def test_a_device_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_devices([Device(DEV, 1, "", "swu", "app", "spot-1", NOON_NS // 1_000)])
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.split() == [DEV, "unknown", "spot-1", "app", "swu", "2026-01-01", "12:00:00"]


def test_a_device_shows_what_it_is_what_was_lost_and_what_it_said(capsys: pytest.CaptureFixture[str]) -> None:
    device = Device(DEV, 1, "imst_ioke868", "swu", "app", "meter-1", 1, {"firmware": "1.2"})
    frames = FrameSummary("swu", 10, 2, 3, 4, 5, 6, 7, 8, 9, -1)
    latest = LatestValue(ENERGY, "", NOON_NS, 1, -4)
    print_device(device, DeviceState(DEV, 1, "imst_ioke868", "app", "meter-1", NOON_NS, (frames,), (latest,)))
    out = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["firmware", "1.2"] in out
    assert ["expected", "12"] in out
    assert ["missing", "2"] in out
    assert ["last", "f_cnt"] in out
    assert ["2026-01-01", "12:00:00", ENERGY, "0.0001", "Wh"] in out


def test_a_device_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_readings([a_stored_reading(Reading("device.lifecycle", "", "\x1b[2J[red]gone\nnext"))])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "�[2J[red]gone�next" in out
