"""Values of wired and wireless meters in our measurands."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from domain.decoding.mbus import data_records, kind_of, manufacturer, medium_name, meter_readings
from domain.observation import MEASURANDS, Kind, Reading, Value, channel

_ELECTRICITY, _GAS, _HEAT, _COLD, _WATER = 0x02, 0x03, 0x04, 0x0A, 0x07


class Telegram(Struct, forbid_unknown_fields=True):
    """The records of one published answer, and what they mean."""

    file: str
    what: str
    medium: int
    records: str
    count: int
    readings: list[list[bool | int | float | str]]


class Telegrams(Struct, forbid_unknown_fields=True):
    """Answers of meters of many makers, all of one source."""

    source: dict[str, str]
    telegrams: list[Telegram]


_FILE = Path(__file__).parents[3] / "vectors" / "mbus_telegrams.json"
_TELEGRAMS = msgspec.json.decode(_FILE.read_bytes(), type=Telegrams).telegrams


def said(medium: int | None, records: str) -> dict[str, Value]:
    """Return the values of ``records`` by measurand and channel."""
    found, rest = data_records(bytes.fromhex(records))
    assert rest == b""
    readings, _, _ = meter_readings(found, medium, "")
    return {f"{reading.measurand}/{reading.channel}": reading.value for reading in readings}


@pytest.mark.parametrize("telegram", _TELEGRAMS, ids=lambda telegram: telegram.file)
def test_a_published_answer_means_what_its_source_says(telegram: Telegram) -> None:
    records, rest = data_records(bytes.fromhex(telegram.records))
    readings, _, _ = meter_readings(records, telegram.medium, "")
    found: list[list[object]] = [
        [each.measurand, each.channel, each.value, *([each.exponent] if each.exponent else [])] for each in readings
    ]
    assert (len(records), rest[:1] in {b"", b"\x0f", b"\x1f"}) == (telegram.count, True)
    assert msgspec.json.encode(found) == msgspec.json.encode(telegram.readings)


class TestEnergy:
    @pytest.mark.parametrize(
        "records, joules",
        [
            ("040301000000", 3_600),
            ("040601000000", 3_600_000),
            ("040801000000", 1),
            ("040e01000000", 1_000_000),
            ("04fb0001000000", 360_000_000),
            ("04fb0901000000", 10**9),
            ("05030000203f", 2_250),
        ],
    )
    def test_of_heat_is_in_joules(self, records: str, joules: int) -> None:
        assert said(_HEAT, records) == {"heat.energy/": joules}

    @pytest.mark.parametrize(
        "records, steps",
        [("040301000000", 10_000), ("04fb0101000000", 10**10), ("04091c000000", None), ("040e24000000", 10**8)],
    )
    def test_of_electricity_is_in_watt_hours(self, records: str, steps: int | None) -> None:
        assert said(_ELECTRICITY, records) == ({} if steps is None else {"electricity.energy.active.import/": steps})

    def test_that_does_not_divide_is_no_register(self) -> None:
        assert said(_HEAT, "040001000000") == {}

    @pytest.mark.parametrize(
        "medium, records, name",
        [
            (_ELECTRICITY, "04833b01000000", "electricity.energy.active.import/"),
            (_ELECTRICITY, "04833c01000000", "electricity.energy.active.export/"),
            (_ELECTRICITY, "04fb823c01000000", "electricity.energy.reactive.export/"),
            (_HEAT, "04833c01000000", "heat.energy/cooling"),
            (_COLD, "040301000000", "heat.energy/cooling"),
            (_WATER, "04933c01000000", "water.volume.reverse/"),
        ],
    )
    def test_has_a_direction(self, medium: int, records: str, name: str) -> None:
        assert list(said(medium, records)) == [name]


class TestGauges:
    @pytest.mark.parametrize(
        "medium, records, name, value",
        [
            (_HEAT, "0436100e0000", "heat.power/", 1_000_000.0),
            (_HEAT, "025ae803", "heat.temperature/flow", 100.0),
            (_HEAT, "125ae803", "heat.temperature/flow.max", 100.0),
            (_COLD, "025ee803", "heat.temperature/return", 100.0),
            (_WATER, "023be803", "water.flow/", 1_000.0),
            (_WATER, "023be8ff", "water.flow/", -24.0),
            (_WATER, "02440100", "water.flow/", 60.0),
            (_WATER, "024e0100", "water.flow/", 3_600.0),
            (_WATER, "22650100", "water.temperature/min", 0.01),
            (_WATER, "026b0300", "water.pressure/", 3.0),
            (_ELECTRICITY, "02fdc8fc019408", "electricity.voltage/l1", 219.6),
            (_ELECTRICITY, "02fdd9fc040a00", "electricity.current/n", 0.01),
            (_ELECTRICITY, "02ab3c6400", "electricity.power.active/", -100.0),
            (_ELECTRICITY, "02fb2e f401", "electricity.frequency/", 50.0),
            (_ELECTRICITY, "02fb14 0500", "electricity.power.reactive/", 5.0),
        ],
    )
    def test_are_floats_in_their_unit(self, medium: int, records: str, name: str, value: float) -> None:
        assert said(medium, records) == {name: value}


class TestIdentity:
    @pytest.mark.parametrize(
        "records, text", [("0c7878563412", "12345678"), ("0d780434333231", "1234"), ("0c7901000000", "00000001")]
    )
    def test_is_written_in_digits_or_as_text(self, records: str, text: str) -> None:
        assert said(None, records) == {"meter.identity/": text}

    @pytest.mark.parametrize("records", ["0c78785634f2", "0d7802fffe", "0d780120", "4c7878563412"])
    def test_that_is_none_is_left_out(self, records: str) -> None:
        assert said(None, records) == {}


@pytest.mark.parametrize(
    "records",
    [
        "4c1300000000",  # remembered
        "3c1300000000",  # during an error
        "1c1300000000",  # a register has no maximum
        "0c931500000000",  # no data available
        "0c932000000000",  # a rate
        "8c401300000000",  # of another subunit
        "0c137856341a",  # no digits
        "05130000c07f",  # no number
        "0813",
    ],
)
def test_what_is_no_present_value_is_no_reading(records: str) -> None:
    assert said(_WATER, records) == {}


def test_a_volume_of_nobody_knows_what_is_no_register() -> None:
    assert said(None, "0c1300000000") == {}
    assert said(0x0E, "0c1300000000") == {}


def test_the_channels_begin_with_the_interface() -> None:
    records, _ = data_records(bytes.fromhex("8410036f000000"))
    readings, _, _ = meter_readings(records, _ELECTRICITY)
    assert readings == [Reading("electricity.energy.active.import", "mbus.t1", 1_110_000, -4)]


@given(st.binary(max_size=80), st.sampled_from([None, *range(0x1A)]))
def test_any_records_give_sound_readings(data: bytes, medium: int | None) -> None:
    records, _ = data_records(data)
    readings, age_s, _ = meter_readings(records, medium)
    assert len({(each.measurand, each.channel) for each in readings}) == len(readings)
    assert age_s is None or age_s >= 0
    for each in readings:
        row = MEASURANDS[each.measurand]
        channel(each.channel)
        assert type(each.value) is {Kind.REGISTER: int, Kind.GAUGE: float, Kind.STATE: str}[row.kind]


def test_media_and_makers_have_names() -> None:
    assert (medium_name(0x16), medium_name(0x04), medium_name(0x99)) == ("cold water", "heat (outlet)", "unknown")
    assert (kind_of(0x0D), kind_of(0x0B), kind_of(0x00), kind_of(None)) == ("heat", "cooling", None, None)
    assert manufacturer(0x2C2D) == "KAM"
