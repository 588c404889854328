"""Yobiiq EM4301 energy meter."""

import pytest

from domain.decoding import Decoded, Payload, Undecodable
from tests.unit.domain.decoding.vectors import codes_of, decode, values_of

_S = 10**9


def said(hex_text: str, f_port: int = 1) -> Decoded:
    """Return what a payload of the meter means."""
    return decode("yobiiq_em4301", Payload(bytes.fromhex(hex_text), f_port, 0))


@pytest.mark.parametrize("f_port", [1, 10])
@pytest.mark.parametrize("channel", ["01", "04", "fe"])
def test_the_type_alone_says_what_is_measured(f_port: int, channel: str) -> None:
    assert values_of(said(f"{channel}0a00000007", f_port)) == {"electricity.energy.reactive.export/t1": 70_000}


@pytest.mark.parametrize(
    "fields, name, value",
    [
        ("010b00000007", "electricity.energy.reactive.export/t2", 70_000),
        ("010cfffff704", "electricity.voltage/l1", -230.0),
        ("010f000003e8", "electricity.current/sum", 1.0),
        ("0113fffffc18", "electricity.power.active/", -1000.0),
        ("0117000003e8", "electricity.power.reactive/l1", 1000.0),
        ("011c000003e8", "electricity.power.apparent/l3", 1000.0),
        ("011da6", "electricity.power_factor/l1", -0.9),
        ("01231388", "electricity.frequency/", 50.0),
        ("0128000003e8", "electricity.current/l2.max", 1.0),
        ("012a000003e8", "electricity.power.active/avg", 1000.0),
    ],
)
def test_every_type_has_its_measurand(fields: str, name: str, value: object) -> None:
    assert values_of(said(fields)) == {name: value}


def test_the_last_channel_tells_of_the_inner_bus() -> None:
    assert values_of(said("0b0a00")) == {"meter.connected/": True}
    broken = said("0b0a02")
    assert values_of(broken) == {"meter.connected/": False}
    assert [(each.code, each.detail) for each in broken.notices] == [("modbus_error", "2")]


@pytest.mark.parametrize("fields", ["010100000001 010300000002", "010300000002 010100000001"])
def test_values_are_as_old_as_the_data_logger_says(fields: str) -> None:
    assert said(f"{fields} 010400000000").snapshots[0].device_ns == 2 * _S


class TestTotalPower:
    def test_alone_is_in_kilowatts(self) -> None:
        assert values_of(said("012400000006")) == {"electricity.power.active/sum": 6_000.0}

    def test_beyond_what_a_rail_meter_can_carry_is_in_watts(self) -> None:
        assert values_of(said("012400002711")) == {"electricity.power.active/sum": 10_001.0}

    def test_is_never_more_than_the_apparent_power(self) -> None:
        values = values_of(said("0124000003e8 0126000003ea"))
        assert values["electricity.power.active/sum"] == 1_000.0

    def test_is_what_the_phases_make(self) -> None:
        phases = "0114000003e8 0115000003e8 0116000003e8"
        assert values_of(said(f"{phases} 012400000003"))["electricity.power.active/sum"] == 3_000.0
        assert values_of(said(f"{phases} 012400000bb8"))["electricity.power.active/sum"] == 3_000.0


def test_a_phase_angle_has_no_measurand() -> None:
    assert [(each.code, each.detail) for each in said("0120fb2e").notices] == [("phase_angle", "l1 -12.34 deg")]


def test_nothing_is_read_behind_an_unknown_type() -> None:
    decoded = said("010400000001 017700000001")
    assert list(values_of(decoded)) == ["electricity.energy.active.import/t1"]
    assert [(each.code, each.detail) for each in decoded.notices] == [("field_unknown", "017700000001")]


def test_a_meter_tells_of_its_making_and_versions() -> None:
    assert said("01f02023 01f10129 01f20200 012b000007e7").attributes == {
        "meter.manufactured": "2023",
        "firmware": "1.29",
        "hardware": "2.0",
        "meter.mid_year": "2023",
    }


def test_a_supply_that_goes_is_a_shutdown() -> None:
    assert values_of(said("ff0b00", 50)) == {"device.powered/": False, "device.lifecycle/": "shutdown:power_off"}


def test_a_model_ends_where_the_next_field_begins() -> None:
    assert said("ff28454d34 ff0f02", 50).attributes == {"model": "EM4", "config.lorawan_class": "C"}


def test_what_is_unknown_behind_what_is_known_is_noted() -> None:
    decoded = said("ff0f00ff770102", 50)
    assert decoded.attributes == {"config.lorawan_class": "A"}
    assert codes_of(decoded) == ["field_unknown"]


@pytest.mark.parametrize("f_port", [1, 10, 50])
@pytest.mark.parametrize("data, code", [("00", "configuration_acknowledged"), ("01", "downlink_refused")])
def test_a_single_byte_answers_a_command(f_port: int, data: str, code: str) -> None:
    assert codes_of(said(data, f_port)) == [code]


@pytest.mark.parametrize(
    "f_port, hex_text, code",
    [
        (1, "", "payload_too_short"),
        (1, "02", "payload_too_short"),
        (1, "0104000000", "payload_too_short"),
        (1, "010400000001 0b0a", "payload_too_short"),
        (1, "0177", "payload_malformed"),
        (50, "ff0901", "payload_too_short"),
        (50, "ff28", "payload_too_short"),
        (50, "fe0901", "payload_malformed"),
        (50, "ff7701", "payload_malformed"),
        (50, "ff0b02", "payload_malformed"),
        (11, "00", "f_port_unknown"),
        (51, "00", "f_port_unknown"),
    ],
)
def test_what_the_meter_never_sends_is_refused(f_port: int, hex_text: str, code: str) -> None:
    with pytest.raises(Undecodable) as caught:
        said(hex_text, f_port)
    assert caught.value.code == code
