"""What every codec keeps, whatever bytes it gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decoding import CODECS, NO_CONTEXT, Context, Decoded, Fragment, Payload, Undecodable
from tests.unit.domain.decoding.cases import cases
from tests.unit.domain.decoding.soundness import dated_readings_of, is_consistent, is_sound, is_text
from tests.unit.domain.decoding.vectors import (
    Vector,
    context_before,
    decode,
    ports_of,
    readings_of,
    vectors_of,
)

_NOON_NS = 1_767_268_800_000_000_000
_ANY_PORT = range(1, 224)
"""The ports of applications (LoRaWAN 1.0.4, section 4.3.2)."""


def f_ports_of(codec: str) -> list[int]:
    """Return the ports that ``codec`` reads."""
    stated = ports_of(codec)
    return list(_ANY_PORT) if "*" in stated else [int(port) for port in stated]


def decoded_or_refused(codec: str, payload: Payload, context: Context = NO_CONTEXT) -> Decoded | None:
    """Return what ``payload`` means, or None if it is refused; anything else is a codec's bug."""
    try:
        return decode(codec, payload, context)
    except Undecodable:
        return None


@st.composite
def payloads(draw: st.DrawFn, codec: str) -> Payload:
    """Return random bytes on a port of the device."""
    f_port = draw(st.sampled_from(f_ports_of(codec)))
    return Payload(draw(st.binary(max_size=60)), f_port, _NOON_NS + draw(st.integers(-(10**13), 10**13)))


@st.composite
def damaged(draw: st.DrawFn, codec: str) -> Payload:
    """Return a known payload with some of its bytes changed, cut out or put in."""
    payload = draw(st.sampled_from(vectors_of(codec))).payload
    data = bytearray(payload.data)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 2))] = draw(st.binary(max_size=2))
    return Payload(bytes(data), payload.f_port, payload.network_ns, payload.facts)


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    """Return pieces as a device may have left them."""
    pieces = st.builds(
        lambda port, header, body, ns: Fragment(f"{port}@{ns}", header & 127, 0, ns, bytes((header,)) + body),
        st.sampled_from((67, 69)),
        st.integers(0, 5) | st.integers(128, 133),
        st.binary(min_size=1, max_size=20),
        st.integers(_NOON_NS - 10**13, _NOON_NS + 10**13),
    )
    return Context(tuple(draw(st.lists(pieces, max_size=6))))


@pytest.mark.parametrize("codec", CODECS)
class TestCodec:
    @given(st.data())
    def test_refuses_or_reads_any_bytes(self, codec: str, data: st.DataObject) -> None:
        payload = data.draw(payloads(codec))
        decoded = decoded_or_refused(codec, payload, data.draw(contexts()))
        assert decoded is None or all(is_sound(reading) for reading in readings_of(decoded))
        assert decoded is None or (is_consistent(decoded, payload.network_ns) and is_text(decoded))

    @given(st.data())
    def test_refuses_or_reads_damaged_payloads(self, codec: str, data: st.DataObject) -> None:
        payload = data.draw(damaged(codec))
        decoded = decoded_or_refused(codec, payload)
        assert decoded is None or all(is_sound(reading) for reading in readings_of(decoded))
        assert decoded is None or (is_consistent(decoded, payload.network_ns) and is_text(decoded))

    @given(st.data())
    def test_says_the_same_of_the_same_payload(self, codec: str, data: st.DataObject) -> None:
        payload, context = data.draw(payloads(codec)), data.draw(contexts())
        assert decoded_or_refused(codec, payload, context) == decoded_or_refused(codec, payload, context)

    @given(f_port=st.integers(0, 255), data=st.binary(max_size=8))
    def test_refuses_ports_that_the_device_does_not_use(self, codec: str, f_port: int, data: bytes) -> None:
        if f_port not in f_ports_of(codec) and "*" not in ports_of(codec):
            with pytest.raises(Undecodable) as caught:
                decode(codec, Payload(data, f_port, _NOON_NS))
            assert caught.value.code == "f_port_unknown"


@pytest.mark.parametrize("codec, vector", cases(refused=False))
def test_a_cut_payload_is_refused_or_says_nothing_that_the_whole_does_not(codec: str, vector: Vector) -> None:
    payload, context = vector.payload, context_before(codec, vector)
    whole = dated_readings_of(decode(codec, payload, context), payload.network_ns)
    for length in range(len(payload.data)):
        cut = Payload(payload.data[:length], payload.f_port, payload.network_ns, payload.facts)
        decoded = decoded_or_refused(codec, cut, context)
        assert decoded is None or all(each in whole for each in dated_readings_of(decoded, payload.network_ns))
