"""Columns of master data: what cells mean, and that what is written out reads back the same."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.csv.record_columns import RecordColumns
from domain.device import DeviceEntry
from domain.errors import InvalidValue
from domain.identifiers import DevEui
from domain.meter import RegisterDefinition
from domain.observation import Position
from tests.support.builders import DEV

DEVICES = RecordColumns(DeviceEntry)
REGISTERS = RecordColumns(RegisterDefinition)

_words = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="|."), min_size=1, max_size=8).filter(
    lambda word: word != "-"
)
_places = st.builds(
    Position,
    st.integers(-90 * 10**7, 90 * 10**7),
    st.integers(-180 * 10**7, 180 * 10**7),
    st.just("surveyed"),
    st.none() | st.floats(-100, 5_000),
    st.none() | st.floats(0, 100),
)
_entries = st.builds(
    DeviceEntry,
    st.just(DevEui(DEV)),
    st.just(0),
    device_type=_words,
    labels=st.dictionaries(_words, _words, max_size=3),
    zone=_words,
    place=st.none() | _places,
    installed_ns=st.integers(0, 2**62),
    expected_interval_s=st.integers(0, 10**6),
)


@given(_entries)
def test_what_is_written_out_reads_back_the_same(entry: DeviceEntry) -> None:
    cells = DEVICES.cells(msgspec.to_builtins(entry))
    fields = DEVICES.fields({column: cell for column, cell in cells.items() if cell})
    assert msgspec.convert({"type": "device", "written_us": 0, **fields}, DeviceEntry, strict=False) == entry


def test_a_place_may_be_written_with_a_decimal_comma_where_cells_are_parted_by_semicolons() -> None:
    cells = {"latitude": "48,4", "longitude": "9,99"}
    assert DEVICES.fields(cells, decimal_comma=True)["place"] == {
        "source": "surveyed",
        "latitude": 484_000_000,
        "longitude": 99_900_000,
    }
    with pytest.raises(InvalidValue, match="latitude"):
        DEVICES.fields(cells)


def test_degrees_are_not_rounded_by_binary_fractions() -> None:
    fields = DEVICES.fields({"latitude": "48.1234567", "longitude": "0.0000001"})
    assert isinstance(fields["place"], dict)
    assert (fields["place"]["latitude"], fields["place"]["longitude"]) == (481_234_567, 1)


def test_a_dash_takes_back_what_was_known() -> None:
    cells = {"zone": "-", "latitude": "-", "labels.street": "-", "expected_interval_s": "-"}
    assert DEVICES.fields(cells) == {"zone": "", "place": None, "labels": {"street": ""}, "expected_interval_s": 0}


def test_a_device_may_be_called_so() -> None:
    assert DEVICES.unknown(["device", "dev_eui", "zone", "labels.x", "installed"]) == []
    assert DEVICES.unknown(["labels", "zone.x", "written_us", "place", "colour"]) == [
        "labels", "zone.x", "written_us", "place", "colour"
    ]  # fmt: skip


def test_a_ratio_is_written_as_one() -> None:
    assert REGISTERS.fields({"factor": "1/3", "current_ratio": "250"}) == {
        "factor": ["1", "3"],
        "current_ratio": ["250", "1"],
    }


@pytest.mark.parametrize(
    "cells,field",
    [
        ({"installed": "yesterday"}, "installed"),
        ({"latitude": "48.4"}, "longitude"),
        ({"latitude": "north", "longitude": "1"}, "latitude"),
        ({"latitude": "1e400", "longitude": "1"}, "latitude"),
        ({"expected_interval_s": "{"}, "expected_interval_s"),
    ],
)
def test_a_cell_that_means_nothing_is_named(cells: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        DEVICES.fields(cells)
    assert refused.value.attributes["field"] == field
