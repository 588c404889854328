"""Cayenne LPP."""

import pytest

from domain.decoding import Decoded, DeviceFacts, Payload, Undecodable
from domain.observation import Position, Value
from tests.unit.domain.decoding.vectors import codes_of, decode, readings_of, values_of


def decoded(hex_text: str, **registers: str) -> Decoded:
    """Decode a list of values; the registry tells what ``registers`` are."""
    return decode("cayenne_lpp", Payload(bytes.fromhex(hex_text), 1, 0, DeviceFacts(registers=registers)))


@pytest.mark.parametrize(
    "hex_text, values",
    [
        ("01 00 01", {"device.switch/ch1": True}),
        ("02 8e 00", {"device.switch/ch2": False}),
        ("ff 67 fed4", {"device.temperature/ch255": -30.0}),
        ("03 74 59d8", {"electricity.voltage/ch3": 230.0}),
        ("03 75 04d2", {"electricity.current/ch3": 1.234}),
        ("03 80 04d2", {"electricity.power.active/ch3": 1_234.0}),
        ("03 83 ffffffff", {"electricity.energy.active.import/ch3": 4_294_967_295 * 10_000}),
        ("03 84 010e", {"motion.heading/ch3": 270.0}),
        ("01 88 ffffff 000001 ffff9c", {"position/": Position(-1_000, 1_000, altitude_m=-1.0)}),
    ],
)
def test_a_type_that_has_a_measurand_is_a_reading(hex_text: str, values: dict[str, Value]) -> None:
    assert values_of(decoded(hex_text)) == values


@pytest.mark.parametrize(
    "hex_text, said",
    [
        ("01 01 01", "ch1 digital_output 1"),
        ("01 00 07", "ch1 digital_input 7"),
        ("02 02 0147", "ch2 analog_input 3.27"),
        ("02 03 ffff", "ch2 analog_output -0.01"),
        ("02 64 00000007", "ch2 generic_sensor 7"),
        ("02 65 03e8", "ch2 illuminance_lx 1000"),
        ("02 66 01", "ch2 presence 1"),
        ("02 68 3d", "ch2 humidity_percent 30.5"),
        ("02 73 279d", "ch2 pressure_hpa 1014.1"),
        ("02 76 00000032", "ch2 frequency_hz 50"),
        ("02 78 64", "ch2 percentage 100"),
        ("02 79 fff6", "ch2 altitude_m -10"),
        ("02 7d 0190", "ch2 concentration_ppm 400"),
        ("02 82 000003e8", "ch2 distance_m 1"),
        ("02 85 00000000", "ch2 unix_time_s 0"),
        ("02 86 0064ff9c0000", "ch2 rotation_deg_s 1, -1, 0"),
        ("02 87 0a0b0c", "ch2 colour 10, 11, 12"),
    ],
)
def test_a_type_that_has_none_is_noted(hex_text: str, said: str) -> None:
    found = decoded(hex_text)
    assert readings_of(found) == []
    assert [(each.code, each.detail) for each in found.notices] == [("value_without_measurand", said)]


@pytest.mark.parametrize(
    "hex_text, measurand, value",
    [("02 02 0147", "device.battery.voltage", 3.27), ("02 66 01", "parking.occupied", True)],
)
def test_the_registry_may_tell_what_a_channel_is(hex_text: str, measurand: str, value: Value) -> None:
    assert values_of(decoded(hex_text, ch2=measurand)) == {f"{measurand}/": value}


@pytest.mark.parametrize(
    "hex_text, measurand",
    [("02 02 0147", "water.volume"), ("02 02 0147", "no.such"), ("02 66 02", "parking.occupied")],
)
def test_the_registry_makes_no_measurand_of_what_cannot_be_one(hex_text: str, measurand: str) -> None:
    found = decoded(hex_text, ch2=measurand)
    assert readings_of(found) == []
    assert codes_of(found) == ["value_without_measurand"]


def test_zero_and_zero_is_no_position() -> None:
    assert codes_of(decoded("01 88 000000 000000 000064")) == ["position_missing"]


def test_a_device_is_at_one_place() -> None:
    found = decoded("01 88 000001 000001 000000 02 88 000002 000002 000000")
    assert values_of(found) == {"position/": Position(1_000, 1_000, altitude_m=0.0)}
    assert codes_of(found) == ["value_repeated"]


def test_after_an_unknown_type_nobody_knows_where_the_next_value_is() -> None:
    with pytest.raises(Undecodable) as caught:
        decoded("01 67 0110 02 ee 01")
    assert (caught.value.code, caught.value.attributes["data_type"]) == ("data_type_unknown", "238")


@pytest.mark.parametrize("hex_text", ["", "01", "01 67", "01 67 01", "01 88 06765ff2960a0003"])
def test_a_cut_value_is_refused(hex_text: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decoded(hex_text)
    assert caught.value.code == "payload_too_short"
