"""Nwave NPS310SM, Dingtek DO200, and Bosch TPS110 of a known firmware."""

import pytest

from domain.decoding import CODECS, DECODERS, Decoded, Payload, Undecodable
from tests.unit.domain.decoding.vectors import codes_of, decode, values_of


def decoded(codec: str, f_port: int, hex_text: str) -> Decoded:
    """Decode a payload."""
    return decode(codec, Payload(bytes.fromhex(hex_text), f_port, 0))


def refusal(codec: str, f_port: int, hex_text: str) -> str:
    """Return the code of the payload's refusal."""
    with pytest.raises(Undecodable) as caught:
        decoded(codec, f_port, hex_text)
    return caught.value.code


class TestNps310sm:
    @pytest.mark.parametrize("f_port", [1, 2])
    @pytest.mark.parametrize("byte, is_occupied", [("fe", False), ("ff", True)])
    def test_only_the_lowest_bit_says_whether_the_spot_is_occupied(
        self, f_port: int, byte: str, is_occupied: bool
    ) -> None:
        assert values_of(decoded("nwave_nps310sm", f_port, byte)) == {"parking.occupied/": is_occupied}

    @pytest.mark.parametrize(
        "code, lifecycle",
        [
            ("00", "startup"),
            ("01", "startup:watchdog"),
            ("03", "startup:user_request"),
            ("04", "startup:brownout"),
            ("05", "startup:other"),
            ("06", "startup"),
        ],
    )
    def test_a_start_has_a_cause_where_it_is_known(self, code: str, lifecycle: str) -> None:
        assert values_of(decoded("nwave_nps310sm", 3, f"010d00{code}01"))["device.lifecycle/"] == lifecycle

    def test_debug_bytes_stay_raw(self) -> None:
        assert [notice.detail for notice in decoded("nwave_nps310sm", 6, "0102").notices] == ["0102"]

    @pytest.mark.parametrize(
        "f_port, hex_text, code",
        [
            (1, "", "payload_too_short"),
            (2, "0100", "payload_too_long"),
            (3, "010d0002", "payload_too_short"),
            (4, "01", "f_port_unknown"),
        ],
    )
    def test_what_the_sensor_never_sends_is_refused(self, f_port: int, hex_text: str, code: str) -> None:
        assert refusal("nwave_nps310sm", f_port, hex_text) == code


class TestDo200:
    def test_its_four_flags_are_half_a_byte_each(self) -> None:
        frame = "8000020115 0000 {} 016f 0079ffb0fff5 0007 0081"
        names = ("parking.occupied/", "device.alarm/level", "device.alarm/magnetic", "device.battery.low/")
        for raised, flags in enumerate(("1000", "0100", "0010", "0001")):
            values = values_of(decoded("dingtek_do200", 3, frame.format(flags)))
            assert [values[name] for name in names] == [index == raised for index in range(4)]

    @pytest.mark.parametrize(
        "hex_text",
        [
            "000002011500000000016f0079ffb0fff500000081",
            "800002011500000000016f0079ffb0fff500000000",
            "800002011400000000016f0079ffb0fff500000081",
            "8000020211000b18020a05a0003c000081",
            "800002030681",
        ],
    )
    def test_what_is_not_framed_or_of_no_known_type_is_refused(self, hex_text: str) -> None:
        assert refusal("dingtek_do200", 3, hex_text) == "payload_malformed"

    def test_too_little_for_a_frame_is_refused(self) -> None:
        assert refusal("dingtek_do200", 3, "8000020381") == "payload_too_short"


class TestTps110:
    @pytest.mark.parametrize(
        "firmware, codec",
        [
            ("0.29.2", "bosch_tps110_0_29"),
            ("0.29.4", "bosch_tps110_0_29"),
            ("0.23.3", "bosch_tps110"),
            ("", "bosch_tps110"),
        ],
    )
    def test_is_read_as_its_firmware_asks(self, firmware: str, codec: str) -> None:
        assert DECODERS.of("bosch_tps110", firmware, 0) is CODECS[codec]

    def test_of_known_firmware_writes_codes_at_a_start_whatever_it_names(self) -> None:
        start = "240300007503000000000000 000000 03 01"
        assert codes_of(decoded("bosch_tps110_0_29", 3, start)) == ["debug_code", "debug_code"]
        assert codes_of(decoded("bosch_tps110", 3, start)) == ["debug"]
