"""The platform's reader knows all network servers that the settings may name."""

from collections.abc import Sequence
from typing import get_args

import pytest
from msgspec.structs import fields

from application.ports.envelope_reader import EnvelopeReader
from application.ports.uplink_log import RawUplink
from domain.radio import Unreadable
from stadtfunk.container.core import Core
from stadtfunk.settings import MqttSourceSettings, Settings
from tests.contract.envelope_reader import EnvelopeReaderContract
from tests.unit.adapters.chirpstack import messages as chirpstack
from tests.unit.adapters.ttn import messages as ttn


def of_the_platform() -> EnvelopeReader:
    """Return the reader that the container makes."""
    return Core(settings=Settings()).reader()


class TestEnvelopeReaders(EnvelopeReaderContract):
    @pytest.fixture
    def reader(self) -> EnvelopeReader:
        return of_the_platform()

    @pytest.fixture
    def readable(self) -> Sequence[RawUplink]:
        return [
            ttn.v2(ttn.V2_UPLINK),
            ttn.v2(ttn.V2_ACTIVATION, "events/activations"),
            ttn.v3(ttn.V3_UPLINK),
            ttn.v3(ttn.V3_JOIN, "join"),
            chirpstack.event(chirpstack.UP),
            chirpstack.event(chirpstack.JOIN, "join"),
            chirpstack.event(chirpstack.LOG, "log"),
        ]


def test_every_network_server_of_the_settings_is_known() -> None:
    (named,) = [each.type for each in fields(MqttSourceSettings) if each.name == "network_server"]
    for server in get_args(named):
        message = of_the_platform().read(RawUplink("swu", server, "", b"", 1))
        assert isinstance(message, Unreadable)
        assert message.reason == "envelope_unreadable"


def test_an_unknown_one_is_named_with_its_source_and_the_remedy() -> None:
    message = of_the_platform().read(RawUplink("swu", "carrier-pigeon", "t", b"{}", 1))
    assert isinstance(message, Unreadable)
    assert message.detail == (
        "source 'swu' has network_server = 'carrier-pigeon': one of tts, ttn-v2, chirpstack expected"
    )
