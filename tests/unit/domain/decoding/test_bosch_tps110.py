"""Bosch TPS110 parking lot sensor."""

import pytest

from domain.decoding import Payload, Undecodable
from tests.unit.domain.decoding.vectors import codes_of, decode, values_of


def payload(f_port: int, hex_text: str) -> Payload:
    """Return a payload of the sensor."""
    return Payload(bytes.fromhex(hex_text), f_port, 0)


@pytest.mark.parametrize("f_port", [1, 2])
@pytest.mark.parametrize("byte, is_occupied", [("00", False), ("01", True), ("fe", False), ("ff", True)])
def test_only_the_lowest_bit_says_whether_the_spot_is_occupied(f_port: int, byte: str, is_occupied: bool) -> None:
    assert values_of(decode("bosch_tps110", payload(f_port, byte))) == {"parking.occupied/": is_occupied}


def test_a_temperature_may_be_below_zero() -> None:
    assert values_of(decode("bosch_tps110", payload(2, "00ec")))["device.temperature/"] == -20.0


def test_a_temperature_alert_says_the_temperature() -> None:
    decoded = decode("bosch_tps110", payload(7, "46"))
    assert values_of(decoded) == {"device.temperature/": 70.0}
    assert codes_of(decoded) == ["temperature_alert"]


@pytest.mark.parametrize(
    "code, lifecycle",
    [
        ("01", "startup:watchdog"),
        ("02", "startup:power_on"),
        ("03", "startup:system_request"),
        ("04", "startup:other"),
        ("05", "startup:lockup"),
        ("06", "startup:brownout"),
        ("00", "startup"),
        ("09", "startup"),
    ],
)
def test_a_start_has_a_cause_where_the_manual_names_it(code: str, lifecycle: str) -> None:
    decoded = decode("bosch_tps110", payload(3, f"000000000000000000000000001d02{code}00"))
    assert values_of(decoded)["device.lifecycle/"] == lifecycle


def test_older_firmware_writes_no_codes_at_a_start() -> None:
    decoded = decode("bosch_tps110", payload(3, "d0000000ab0301f50c0000000017030301"))
    assert decoded.attributes == {"firmware": "0.23.3"}
    assert codes_of(decoded) == ["debug"]


def test_the_firmware_is_told_on_request() -> None:
    assert decode("bosch_tps110", payload(4, "001d04")).attributes == {"firmware": "0.29.4"}


def test_the_name_of_the_sensor_is_told_on_request() -> None:
    assert decode("bosch_tps110", payload(4, "fcd6bd10000000001936b0")).attributes == {"urn": "fcd6bd10000000001936b0"}


def test_usage_counters_stay_raw() -> None:
    decoded = decode("bosch_tps110", payload(5, "0000000102"))
    assert decoded.snapshots == ()
    assert [(notice.code, notice.detail) for notice in decoded.notices] == [("device_usage", "0000000102")]


def test_a_debug_message_says_its_code() -> None:
    decoded = decode("bosch_tps110", payload(6, "d00000002403000005 00"))
    assert decoded.notices[0].detail == "804 (message 5, 208 s after the start)"


@pytest.mark.parametrize(
    "f_port, hex_text, code",
    [
        (1, "", "payload_too_short"),
        (2, "010203", "payload_too_long"),
        (3, "00" * 16, "payload_too_short"),
        (3, "00" * 18, "payload_too_long"),
        (4, "00" * 5, "payload_too_short"),
        (5, "", "payload_too_short"),
        (6, "00" * 9, "payload_too_short"),
        (7, "4600", "payload_too_long"),
        (8, "01", "f_port_unknown"),
    ],
)
def test_what_the_sensor_never_sends_is_refused(f_port: int, hex_text: str, code: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode("bosch_tps110", payload(f_port, hex_text))
    assert caught.value.code == code
