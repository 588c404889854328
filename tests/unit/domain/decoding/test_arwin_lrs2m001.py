"""Arwin LRS2M001 power monitor."""

import pytest

from domain.decoding import Payload, Undecodable
from tests.unit.domain.decoding.vectors import decode, readings_of, values_of


def payload(f_port: int, hex_text: str) -> Payload:
    """Return a payload of the monitor."""
    return Payload(bytes.fromhex(hex_text), f_port, 0)


def supply(frequency_and_events: int) -> dict[str, object]:
    """Return what a supply packet of 230 V says."""
    data = f"0a08fc08fc08fc{frequency_and_events:06x}64"
    return dict(values_of(decode("arwin_lrs2m001", payload(10, data))))


@pytest.mark.parametrize("raw, hertz", [(50, 50.0), (60, 60.0), (4_999, 49.99), (6_001, 60.01)])
def test_older_firmware_counts_whole_hertz(raw: int, hertz: float) -> None:
    assert supply(raw << 10)["electricity.frequency/"] == hertz


@pytest.mark.parametrize(
    "bit, channel, word",
    [
        (2, "l3", "under"),
        (3, "l3", "over"),
        (4, "l2", "under"),
        (5, "l2", "over"),
        (6, "l1", "under"),
        (7, "l1", "over"),
    ],
)
def test_each_phase_has_an_alarm_of_its_own(bit: int, channel: str, word: str) -> None:
    alarms = {key: value for key, value in supply(1 << bit).items() if key.startswith("electricity.alarm")}
    assert alarms.pop(f"electricity.alarm/{channel}.voltage") == word
    assert set(alarms.values()) == {"ok"}


def test_a_voltage_that_is_under_and_over_at_once_is_outside() -> None:
    assert supply(3 << 6)["electricity.alarm/l1.voltage"] == "outside"


@pytest.mark.parametrize(
    "bit, key, quiet",
    [
        (0, "device.alarm/button", False),
        (1, "device.powered/", True),
        (8, "meter.connected/", True),
        (9, "device.battery.low/", False),
    ],
)
def test_other_events_are_states(bit: int, key: str, quiet: bool) -> None:
    assert supply(0)[key] is quiet
    assert supply(1 << bit)[key] is not quiet


def test_without_its_meter_the_monitor_doubts_what_it_says_of_the_supply() -> None:
    decoded = decode("arwin_lrs2m001", payload(10, "0a000000000000000100 64"))
    assert {(each.measurand, each.quality) for each in readings_of(decoded) if each.quality != "measured"} == {
        ("electricity.voltage", "device_flagged"),
        ("electricity.frequency", "device_flagged"),
    }


@pytest.mark.parametrize("f_port, channel", [(50, "ch1.l1"), (52, "ch1.l3"), (53, "ch2.l1"), (61, "ch4.l3")])
def test_the_port_names_circuit_and_phase(f_port: int, channel: str) -> None:
    values = values_of(decode("arwin_lrs2m001", payload(f_port, "0a0001ffffffff00000001")))
    assert values[f"electricity.current/{channel}"] == 0.1
    assert values[f"electricity.power.active/{channel}"] == -0.1
    assert values[f"electricity.energy.active.import/{channel}"] == 100 * 10**4


def test_energy_has_no_sign() -> None:
    values = values_of(decode("arwin_lrs2m001", payload(50, "0a000000000000ffffffff")))
    assert values["electricity.energy.active.import/ch1.l1"] == 0xFFFF_FFFF * 100 * 10**4


def test_a_limit_may_be_in_tenths_of_an_ampere() -> None:
    decoded = decode("arwin_lrs2m001", payload(16, "0a000f00c300f583e9"))
    assert decoded.attributes["config.over_current_limit_a"] == "100.1"


@pytest.mark.parametrize(
    "f_port, hex_text, code",
    [
        (10, "0a0898", "payload_too_short"),
        (10, "0b089807bc097400c81850", "packet_type_unknown"),
        (50, "0a46fd1504ff6b0000ddd500", "payload_too_long"),
        (8, "010000", "payload_too_short"),
        (9, "01000001", "payload_too_short"),
        (16, "0b000f00c300f503e8", "packet_type_unknown"),
        (17, "0a000f00140101", "payload_too_long"),
        (49, "0a", "f_port_unknown"),
        (62, "0a", "f_port_unknown"),
    ],
)
def test_what_the_monitor_never_sends_is_refused(f_port: int, hex_text: str, code: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode("arwin_lrs2m001", payload(f_port, hex_text))
    assert caught.value.code == code
