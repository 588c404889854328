"""The reader of ChirpStack's events keeps the contract, whatever it is given."""

from collections.abc import Sequence

import pytest
from hypothesis import given

from adapters.chirpstack.envelope_reader import ChirpStackEnvelopeReader
from application.ports.uplink_log import RawUplink
from domain.radio import Activation, Ignored, ServerNotice, ServerReport, Unreadable, Uplink
from tests.contract.envelope_reader import EnvelopeReaderContract, agree
from tests.support.json_messages import mutations
from tests.unit.adapters.chirpstack.messages import JOIN, LOCATION, LOG, STATUS, UP, event


class TestChirpStackEnvelopeReader(EnvelopeReaderContract):
    @pytest.fixture
    def reader(self) -> ChirpStackEnvelopeReader:
        return ChirpStackEnvelopeReader()

    @pytest.fixture
    def readable(self) -> Sequence[RawUplink]:
        kinds = {"up": UP, "join": JOIN, "status": STATUS, "location": LOCATION, "log": LOG}
        return [event(message, kind) for kind, message in kinds.items()]


@given(
    raw=mutations(UP).map(event)
    | mutations(JOIN).map(lambda message: event(message, "join"))
    | mutations(STATUS).map(lambda message: event(message, "status"))
    | mutations(LOCATION).map(lambda message: event(message, "location"))
    | mutations(LOG).map(lambda message: event(message, "log"))
)
def test_any_value_in_any_field_is_read_or_refused_with_its_reason(raw: RawUplink) -> None:
    reader = ChirpStackEnvelopeReader()
    message = reader.read(raw)
    assert agree(reader, raw, message)
    if isinstance(message, Uplink):
        assert 0 <= message.f_cnt < 2**32
        assert 0 <= message.f_port < 256
        assert 0 <= message.frequency_hz < 2**63
    if isinstance(message, ServerNotice):
        assert message.f_cnt is None or 0 <= message.f_cnt < 2**32
        assert len(message.detail) <= 500
    if isinstance(message, Uplink | Activation | ServerReport | ServerNotice):
        assert 0 <= message.network_ns < 2**63
    elif isinstance(message, Unreadable):
        assert message.reason in {"envelope_unreadable", "dev_eui_missing", "dev_eui_invalid"}
        assert len(message.detail) < 300
    else:
        assert message == Ignored("location_without_place")
