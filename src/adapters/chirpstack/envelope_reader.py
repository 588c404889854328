"""Reads the events of ChirpStack v4."""

from adapters.chirpstack.v4 import ChirpStackV4
from adapters.json_envelope.envelope_reader import JsonEnvelopeReader


class ChirpStackEnvelopeReader(JsonEnvelopeReader):
    """Where ``RawUplink.network_server`` is ``chirpstack``. Protobuf, its other marshaler, is not read."""

    def __init__(self) -> None:
        super().__init__({"chirpstack": ChirpStackV4()})
