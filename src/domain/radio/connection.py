"""Radio metadata of an uplink: which gateways heard it, and how well."""

from msgspec import Struct

from domain.identifiers import DevEui
from domain.radio.airtime import airtime_ns
from domain.radio.uplink import Reception, Uplink
from domain.rfc3339 import format_rfc3339

_NO_SNR = float("-inf")


class ConnectionInfo(Struct, frozen=True, gc=False):
    """One record per uplink; the deck's ``TtnConnectionInfo`` with all receptions."""

    dev_eui: DevEui
    device_id: str
    time: str
    """When the network received it, RFC 3339 in UTC, to the nanosecond."""
    gateway_id: str
    """The gateway with the best SNR (the first of equals); empty where the server named none."""
    receptions: tuple[Reception, ...]
    source: str
    f_cnt: int
    data_rate: str
    frequency_hz: int
    airtime_ns: int
    """0: neither told nor to be computed, as for a modulation other than LoRa."""
    airtime_computed: bool = False
    """The network server did not say how long it was on the air (ChirpStack never does): ours, after AN1200.13."""


def connection_info(uplink: Uplink) -> ConnectionInfo:
    """Return how ``uplink`` reached the network."""
    receptions = uplink.receptions
    gateway_id, best_db = "", _NO_SNR
    for reception in receptions:
        if reception.snr_db > best_db:
            gateway_id, best_db = reception.gateway_id, reception.snr_db
    computed_ns = 0 if uplink.airtime_ns else airtime_ns(uplink.data_rate, len(uplink.payload))
    return ConnectionInfo(
        uplink.dev_eui,
        uplink.device_id,
        format_rfc3339(uplink.network_ns),
        gateway_id,
        receptions,
        uplink.source,
        uplink.f_cnt,
        uplink.data_rate,
        uplink.frequency_hz,
        uplink.airtime_ns or computed_ns,
        computed_ns > 0,
    )
