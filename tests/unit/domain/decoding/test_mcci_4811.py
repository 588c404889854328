"""MCCI Model 4811 power meter."""

import pytest

from domain.decoding import Payload, Undecodable
from tests.unit.domain.decoding.vectors import codes_of, decode, values_of


def payload(hex_text: str, f_port: int = 1) -> Payload:
    """Return a payload of the meter."""
    return Payload(bytes.fromhex(hex_text), f_port, 0)


def test_a_demand_that_is_left_out_is_zero() -> None:
    assert values_of(decode("mcci_4811", payload("1900"))) == {
        "meter.connected/": True,
        "electricity.power.active/": 0.0,
    }


def test_a_meter_that_does_not_answer_has_no_demand() -> None:
    decoded = decode("mcci_4811", payload("1904ff1e"))
    assert values_of(decoded) == {"meter.connected/": False}
    assert [(each.code, each.detail) for each in decoded.notices] == [("modbus_error", "-226")]


def test_a_branch_is_a_circuit_of_its_own() -> None:
    values = values_of(decode("mcci_4811", payload("1960 00000064 42c80000")))
    assert values["electricity.energy.active.import/ch1"] == 10_000 * 10**4
    assert values["electricity.power.active/ch1"] == 100.0


def test_a_branch_without_demand_draws_nothing() -> None:
    assert values_of(decode("mcci_4811", payload("1920 00000064")))["electricity.power.active/ch1"] == 0.0


def test_power_may_flow_to_the_grid() -> None:
    assert values_of(decode("mcci_4811", payload("1910c2c80000")))["electricity.power.active/"] == -100.0


def test_a_battery_may_be_below_zero_and_is_for_others_to_judge() -> None:
    assert values_of(decode("mcci_4811", payload("19018000")))["device.battery.voltage/"] == -8.0


def test_a_demand_that_is_no_number_is_only_noted() -> None:
    decoded = decode("mcci_4811", payload("19107fc00000"))
    assert values_of(decoded) == {"meter.connected/": True}
    assert codes_of(decoded) == ["value_unknown"]


@pytest.mark.parametrize(
    "f_port, hex_text, code",
    [
        (1, "", "payload_too_short"),
        (1, "19", "payload_too_short"),
        (1, "191b35340e", "payload_too_short"),
        (1, "190100000a", "payload_too_long"),
        (1, "1a00", "packet_type_unknown"),
        (1, "1980", "payload_malformed"),
        (2, "1900", "f_port_unknown"),
    ],
)
def test_what_the_meter_never_sends_is_refused(f_port: int, hex_text: str, code: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode("mcci_4811", payload(hex_text, f_port))
    assert caught.value.code == code
