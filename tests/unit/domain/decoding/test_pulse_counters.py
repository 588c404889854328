"""Talkpool OY1320, Develiot RWMR, Vutility PulseDrop: counts, and what else they say."""

import pytest

from domain.decoding import Decoded, Payload, Undecodable
from tests.unit.domain.decoding.vectors import codes_of, decode, values_of


def decoded(codec: str, f_port: int, hex_text: str) -> Decoded:
    """Decode a payload."""
    return decode(codec, Payload(bytes.fromhex(hex_text), f_port, 0))


def refusal(codec: str, f_port: int, hex_text: str) -> str:
    """Return the code of the payload's refusal."""
    with pytest.raises(Undecodable) as caught:
        decoded(codec, f_port, hex_text)
    return caught.value.code


class TestOy1320:
    def test_counts_with_all_four_bytes(self) -> None:
        assert values_of(decoded("talkpool_oy1320", 2, "0121 ffffffff"))["meter.pulse_count/"] == 2**32 - 1

    def test_sends_its_status_beside_the_count_where_there_is_one(self) -> None:
        values = values_of(decoded("talkpool_oy1320", 2, "0121 00001738 0120 81"))
        assert values == {"meter.pulse_count/": 5944, "device.status_word/": 0x81}

    def test_sends_its_status_alone_when_it_starts(self) -> None:
        assert values_of(decoded("talkpool_oy1320", 1, "012000")) == {"device.status_word/": 0}

    def test_answers_what_it_is_asked(self) -> None:
        found = decoded("talkpool_oy1320", 1, "0106 84 010a 1d4c 0122 05a0 0103 010203040506")
        assert values_of(found) == {"device.battery.voltage/": 3.3, "device.temperature/": 25.0}
        assert found.attributes == {"config.reporting_interval_min": "1440", "firmware": "010203040506"}

    def test_says_what_it_refuses(self) -> None:
        assert [notice.detail for notice in decoded("talkpool_oy1320", 1, "0222").notices] == ["0x22"]

    @pytest.mark.parametrize(
        "f_port, hex_text, code",
        [
            (2, "01", "payload_too_short"),
            (2, "0121000017", "payload_too_short"),
            (2, "012100001738 01", "payload_too_short"),
            (2, "0199", "payload_malformed"),
            (2, "0321 00001738", "payload_malformed"),
            (3, "012100001738", "f_port_unknown"),
        ],
    )
    def test_never_sends_anything_else(self, f_port: int, hex_text: str, code: str) -> None:
        assert refusal("talkpool_oy1320", f_port, hex_text) == code


class TestRwmr:
    def test_keeps_its_counts_apart(self) -> None:
        values = values_of(decoded("develiot_rwmr", 12, "17 01000000 02000000 ff 00"))
        assert (values["meter.pulse_count/pulse1"], values["meter.pulse_count/pulse2"]) == (1, 2)

    def test_measures_between_the_ends_of_its_scales(self) -> None:
        low, high = (
            values_of(decoded("develiot_rwmr", 12, f"1700000000 00000000 {each}")) for each in ("0000", "ffff")
        )
        assert (low["device.battery.voltage/"], high["device.battery.voltage/"]) == (0.0, 3.3)
        assert (low["device.temperature/"], high["device.temperature/"]) == (-30.0, 60.0)

    @pytest.mark.parametrize("length, code", [(10, "payload_too_short"), (12, "payload_too_long")])
    def test_sends_eleven_bytes(self, length: int, code: str) -> None:
        assert refusal("develiot_rwmr", 12, "00" * length) == code


class TestPulseDrop:
    def test_flags_a_count_that_the_meter_did_not_give(self) -> None:
        found = decoded("vutility_pulsedrop", 3, "1c c5 7d 00000de8 000000 01")
        assert found.snapshots[0].readings[0].quality == "device_flagged"
        assert values_of(found)["meter.connected/"] is False
        assert codes_of(found) == ["meter_silent"]

    def test_flags_a_count_that_the_meter_gave_wrongly(self) -> None:
        found = decoded("vutility_pulsedrop", 3, "1c c5 7d 00000de8 000000 02")
        assert found.snapshots[0].readings[0].quality == "device_flagged"
        assert "meter.connected/" not in values_of(found)
        assert codes_of(found) == ["meter_answer_invalid"]

    @pytest.mark.parametrize("byte, is_low", [("7f", True), ("80", False)])
    def test_warns_below_two_and_a_half_volts(self, byte: str, is_low: bool) -> None:
        assert codes_of(decoded("vutility_pulsedrop", 3, f"1c {byte} 7d 00000de8 00000000")) == ["battery_low"] * is_low
