"""Reads the envelopes of The Things Stack (v3) and The Things Network v2."""

from adapters.json_envelope.envelope_reader import JsonEnvelopeReader
from adapters.ttn.v2 import ThingsNetworkV2
from adapters.ttn.v3 import ThingsStackV3


class TtnEnvelopeReader(JsonEnvelopeReader):
    """Chooses by ``RawUplink.network_server``: ``tts`` or ``ttn-v2``.

    Uplinks that a person made up on the network server's console (``simulated: true``) are no data of the city and
    ignored, unless ``accept_simulated``.
    """

    def __init__(self, *, accept_simulated: bool = False) -> None:
        super().__init__({"tts": ThingsStackV3(accept_simulated=accept_simulated), "ttn-v2": ThingsNetworkV2()})
