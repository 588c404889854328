"""What every codec keeps, whatever bytes it gets."""

from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decoding import CODECS, NO_CONTEXT, Context, Decoded, Fragment, Payload, Undecodable
from domain.observation import MEASURANDS, Kind, Position, Reading, channel, event_time
from tests.unit.domain.decoding.vectors import Vector, all_vectors, decode, readings_of

_NOON_NS = 1_767_268_800_000_000_000
_PORTS = {
    "bosch_tps110": range(1, 9),
    "imst_ioke868": (3, 5, 67, 69),
    "nas_um30xx": (24, 25, 49, 50, 60, 61, 99),
}
_VALUES: dict[Kind, tuple[type, ...]] = {
    Kind.REGISTER: (int,),
    Kind.GAUGE: (float,),
    Kind.STATE: (bool, int, str),
    Kind.EVENT: (str,),
    Kind.COMPOSITE: (Position,),
}


def decoded_or_refused(device_type: str, payload: Payload, context: Context = NO_CONTEXT) -> Decoded | None:
    """Return what ``payload`` means, or None if it is refused; anything else is a codec's bug."""
    try:
        return decode(device_type, payload, context)
    except Undecodable:
        return None


def is_sound(reading: Reading) -> bool:
    """Say whether ``reading`` is as the catalogue says, and can be stored and sent."""
    row, value = MEASURANDS[reading.measurand], reading.value
    channel(reading.channel)
    if row.kind is Kind.REGISTER:
        return type(value) is int and reading.exponent == row.exponent and abs(value) < 2**63
    return type(value) in _VALUES[row.kind] and not (isinstance(value, float) and not isfinite(value))


def is_consistent(decoded: Decoded, network_ns: int) -> bool:
    """Say whether every time fits the stores, and no two readings would share a cell there."""
    instants = [event_time(each.device_ns, network_ns, each.age_ns)[0] for each in decoded.snapshots]
    cells = [
        (instant, reading.measurand, reading.channel)
        for instant, snapshot in zip(instants, decoded.snapshots, strict=True)
        for reading in snapshot.readings
    ]
    in_range = all(0 <= instant < 2**63 for instant in instants)
    return in_range and len(cells) == len(set(cells)) and all(each.readings for each in decoded.snapshots)


@st.composite
def payloads(draw: st.DrawFn, device_type: str) -> Payload:
    """Return random bytes on a port of the device."""
    f_port = draw(st.sampled_from(_PORTS[device_type]))
    return Payload(draw(st.binary(max_size=60)), f_port, _NOON_NS + draw(st.integers(-(10**13), 10**13)))


@st.composite
def damaged(draw: st.DrawFn, device_type: str) -> Payload:
    """Return a known payload with some of its bytes changed, cut out or put in."""
    known = [vector for device, vector in all_vectors() if device == device_type]
    payload = draw(st.sampled_from(known)).payload
    data = bytearray(payload.data)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 2))] = draw(st.binary(max_size=2))
    return Payload(bytes(data), payload.f_port, payload.network_ns)


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


@pytest.mark.parametrize("device_type", CODECS)
class TestCodec:
    @given(st.data())
    def test_refuses_or_reads_any_bytes(self, device_type: str, data: st.DataObject) -> None:
        payload = data.draw(payloads(device_type))
        decoded = decoded_or_refused(device_type, payload, data.draw(contexts()))
        assert decoded is None or all(is_sound(reading) for reading in readings_of(decoded))
        assert decoded is None or is_consistent(decoded, payload.network_ns)

    @given(st.data())
    def test_refuses_or_reads_damaged_payloads(self, device_type: str, data: st.DataObject) -> None:
        payload = data.draw(damaged(device_type))
        decoded = decoded_or_refused(device_type, payload)
        assert decoded is None or all(is_sound(reading) for reading in readings_of(decoded))
        assert decoded is None or is_consistent(decoded, payload.network_ns)

    @given(st.data())
    def test_says_the_same_of_the_same_payload(self, device_type: str, data: st.DataObject) -> None:
        payload, context = data.draw(payloads(device_type)), data.draw(contexts())
        assert decoded_or_refused(device_type, payload, context) == decoded_or_refused(device_type, payload, context)

    @given(f_port=st.integers(0, 255), data=st.binary(max_size=8))
    def test_refuses_ports_that_the_device_does_not_use(self, device_type: str, f_port: int, data: bytes) -> None:
        if f_port not in _PORTS[device_type]:
            with pytest.raises(Undecodable) as caught:
                decode(device_type, Payload(data, f_port, _NOON_NS))
            assert caught.value.code == "f_port_unknown"


@pytest.mark.parametrize("device_type, vector", all_vectors(), ids=lambda value: str(getattr(value, "number", value)))
def test_a_cut_payload_is_refused_or_says_nothing_that_the_whole_does_not(device_type: str, vector: Vector) -> None:
    whole = readings_of(decode(device_type, vector.payload))
    for length in range(len(vector.payload.data)):
        cut = Payload(vector.payload.data[:length], vector.f_port, vector.payload.network_ns)
        decoded = decoded_or_refused(device_type, cut)
        assert decoded is None or all(reading in whole for reading in readings_of(decoded))
