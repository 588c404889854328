"""The reader of The Things Network's envelopes keeps the contract, whatever it is given."""

from collections.abc import Sequence

import pytest
from hypothesis import given

from adapters.json_envelope.envelope_reader import LARGEST_ENVELOPE
from adapters.ttn.envelope_reader import TtnEnvelopeReader
from application.ports.uplink_log import RawUplink
from domain.radio import Activation, Ignored, ServerReport, Unreadable, Uplink
from tests.contract.envelope_reader import EnvelopeReaderContract, agree
from tests.support.json_messages import changed, mutations
from tests.unit.adapters.ttn.messages import (
    V2_ACTIVATION,
    V2_UPLINK,
    V3_JOIN,
    V3_LOCATION,
    V3_UPLINK,
    v2,
    v3,
)

READABLE = (
    v3(V3_UPLINK),
    v3(V3_JOIN, "join"),
    v3(V3_LOCATION, "location/solved"),
    v2(V2_UPLINK),
    v2(V2_ACTIVATION, "events/activations"),
)


class TestTtnEnvelopeReader(EnvelopeReaderContract):
    @pytest.fixture
    def reader(self) -> TtnEnvelopeReader:
        return TtnEnvelopeReader()

    @pytest.fixture
    def readable(self) -> Sequence[RawUplink]:
        return READABLE


@given(
    raw=mutations(V3_UPLINK).map(v3)
    | mutations(V3_JOIN).map(lambda message: v3(message, "join"))
    | mutations(V3_LOCATION).map(lambda message: v3(message, "location/solved"))
    | mutations(V2_UPLINK).map(v2)
    | mutations(V2_ACTIVATION).map(lambda message: v2(message, "events/activations"))
)
def test_any_value_in_any_field_is_read_or_refused_with_its_reason(raw: RawUplink) -> None:
    reader = TtnEnvelopeReader()
    message = reader.read(raw)
    assert agree(reader, raw, message)
    if isinstance(message, Uplink):
        assert 0 <= message.f_cnt < 2**32
        assert 0 <= message.f_port < 256
        assert 0 <= message.network_ns < 2**63
        assert 0 <= message.frequency_hz < 2**63
        assert 0 <= message.airtime_ns < 2**63
    elif isinstance(message, Activation | ServerReport):
        assert 0 <= message.network_ns < 2**63
    elif isinstance(message, Unreadable):
        assert message.reason in {"envelope_unreadable", "dev_eui_missing", "dev_eui_invalid"}
        assert len(message.detail) < 300
    else:
        assert message in (Ignored("simulated"), Ignored("location_without_place"))


def test_a_message_as_large_as_allowed_is_read_whole() -> None:
    small = v3(V3_UPLINK).body
    message = v3(changed(V3_UPLINK, "correlation_ids", ["x" * (LARGEST_ENVELOPE - len(small) + len("gs:uplink:01J0"))]))
    assert len(message.body) == LARGEST_ENVELOPE
    assert isinstance(TtnEnvelopeReader().read(message), Uplink)


def test_a_larger_message_is_refused_unread() -> None:
    message = TtnEnvelopeReader().read(v3(b" " * LARGEST_ENVELOPE + v3(V3_UPLINK).body))
    assert isinstance(message, Unreadable)
    assert message.reason == "envelope_oversized"
    assert "at most 1,000,000 expected" in message.detail


def test_of_duplicate_keys_the_last_counts() -> None:
    body = v3(V3_UPLINK).body.replace(b'"f_cnt":42', b'"f_cnt":7,"f_cnt":8')
    message = TtnEnvelopeReader().read(v3(body))
    assert isinstance(message, Uplink)
    assert message.f_cnt == 8
