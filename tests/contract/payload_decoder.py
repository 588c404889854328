"""What every decoder of scripts promises."""

from application.ports.payload_decoder import PayloadDecoder, ScriptPayload
from domain.decoding import Decoded, Payload, Undecodable
from domain.observation import Reading
from tests.support.builders import NOON_NS

COUNTER = "counter"
"""Reads the first byte as ``meter.pulse_count``, reports the device's label ``place``, and refuses port 9."""
OTHER = "other"
"""Reads the first byte as ``device.battery.level``."""


def a_payload(byte: int, codec: str = COUNTER, f_port: int = 1, **labels: str) -> ScriptPayload:
    """Return a payload of one byte."""
    return ScriptPayload(codec, Payload(bytes([byte]), f_port, NOON_NS), labels)


def counts(results: list[Decoded | Undecodable]) -> list[int | str]:
    """Return the only value of each result, or the code of why there is none."""
    return [
        result.code if isinstance(result, Undecodable) else int(result.snapshots[0].readings[0].value)  # type: ignore[arg-type]
        for result in results
    ]


class PayloadDecoderContract:
    """Subclass with a fixture ``decoder`` that knows the codecs COUNTER and OTHER."""

    async def test_nothing_asked_is_nothing_answered(self, decoder: PayloadDecoder) -> None:
        assert await decoder.decode([]) == []

    async def test_a_payload_becomes_readings(self, decoder: PayloadDecoder) -> None:
        [decoded] = await decoder.decode([a_payload(7)])
        assert isinstance(decoded, Decoded)
        assert [snapshot.readings for snapshot in decoded.snapshots] == [(Reading("meter.pulse_count", "", 7),)]

    async def test_answers_stand_in_the_order_of_the_payloads(self, decoder: PayloadDecoder) -> None:
        payloads = [a_payload(byte, OTHER if byte % 3 else COUNTER) for byte in range(200)]
        assert counts(await decoder.decode(payloads)) == list(range(200))

    async def test_a_payload_that_cannot_be_decoded_leaves_the_others_alone(self, decoder: PayloadDecoder) -> None:
        results = await decoder.decode([a_payload(1), a_payload(2, f_port=9), a_payload(3)])
        assert counts(results) == [1, "codec_refused", 3]

    async def test_the_reason_is_that_of_the_script(self, decoder: PayloadDecoder) -> None:
        [refused] = await decoder.decode([a_payload(1, f_port=9)])
        assert isinstance(refused, Undecodable)
        assert refused.message == "port 9 is not mine"

    async def test_a_codec_nobody_knows_is_a_reason(self, decoder: PayloadDecoder) -> None:
        assert counts(await decoder.decode([a_payload(1), a_payload(2, "unheard_of")])) == [1, "codec_unknown"]

    async def test_a_device_has_its_own_variables(self, decoder: PayloadDecoder) -> None:
        results = await decoder.decode([a_payload(1, place="cellar"), a_payload(2), a_payload(3, place="roof")])
        assert [each.attributes for each in results if isinstance(each, Decoded)] == [
            {"place": "cellar"},
            {"place": "unknown"},
            {"place": "roof"},
        ]

    async def test_the_same_payload_means_the_same_again(self, decoder: PayloadDecoder) -> None:
        first = await decoder.decode([a_payload(byte) for byte in (1, 2, 3)])
        assert await decoder.decode([a_payload(byte) for byte in (1, 2, 3)]) == first
