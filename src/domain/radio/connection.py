"""Radio metadata of an uplink: which gateways heard it, and how well."""

from msgspec import Struct

from domain.identifiers import DevEui
from domain.radio.uplink import Reception, Uplink
from domain.rfc3339 import format_rfc3339


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


def connection_info(uplink: Uplink) -> ConnectionInfo:
    """Return how ``uplink`` reached the network."""
    receptions = uplink.receptions
    if len(receptions) == 1:
        gateway_id = receptions[0].gateway_id
    else:
        gateway_id = max(receptions, key=_snr).gateway_id if receptions else ""
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
        uplink.airtime_ns,
    )


def _snr(reception: Reception) -> float:
    return reception.snr_db
