"""Messages as The Things Stack v3 publishes them.

Source: The Things Stack documentation, "Data Formats" and "MQTT Server"; its API ``ttn/lorawan/v3``: fields keep
their proto names, zero values are left out (lorawan-stack issue 3874), EUIs are upper-case hex, octets base64,
64-bit integers text.
"""

from functools import lru_cache
from typing import ClassVar

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.fleets import Fleet
from adapters.simulated_city.frame import Frame
from adapters.simulated_city.network_servers.network_server import Health, Message
from adapters.simulated_city.network_servers.wire import (
    COUNTER,
    LEVELS,
    NS,
    base64,
    levels,
    signal,
    to_the_nanosecond,
)
from adapters.simulated_city.poison import Breaking
from adapters.simulated_city.radio import CHANNELS, GATEWAYS, Gateway, airtime_ns

_JOIN_EUI = "70B3D57EF0000001"
_GATHERED_NS = 204_483_584
"""The network waits 200 ms for further gateways before it hands an uplink on (lorawan-stack, DeduplicationWindow)."""
_HEARD_NS = 19_589_559
"""From the gateway's clock to the gateway server's."""
_CONFIRMED = ',"confirmed":true'


class ThingsStack:
    """Writes the messages of one city."""

    name: ClassVar[str] = "tts"
    names_sessions: ClassVar[bool] = True
    drops_resets: ClassVar[bool] = False
    breaking: ClassVar[Breaking] = Breaking("f_cnt", "dev_eui", "frm_payload")

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._rx_head = [_rx_head(gateway) for gateway in GATEWAYS]
        self._rx_level = [_rx_level(level) for level in range(LEVELS)]
        self._rx_tail = [_rx_tail(gateway) for gateway in GATEWAYS]
        self._channel = ["", *(f',"channel_index":{index}' for index in range(1, len(CHANNELS)))]

    def begin(self, device: CityDevice, dev_addr: str) -> None:
        device.topic = self._topic(device, "up")
        device.head = (
            f'{{"end_device_ids":{{"device_id":"{device.device_id}","application_ids":{{"application_id":"'
            f'{device.fleet.application_id}"}},"dev_eui":"{device.dev_eui.upper()}","join_eui":"{_JOIN_EUI}"'
            f',"dev_addr":"{dev_addr}"}},"correlation_ids":["gs:uplink:{dev_addr}'
        )

    def join(self, device: CityDevice, network_ns: int) -> Message:
        body = (
            f'{device.head}-join"],"received_at":"{_instant(network_ns + _GATHERED_NS)}","join_accept":{{'
            f'"session_key_id":"{device.sessions[-1].session}","received_at":"{_instant(network_ns)}"}}}}'
        )
        return self._topic(device, "join"), body.encode()

    def up(self, device: CityDevice, frame: Frame, network_ns: int, chance: int, heard_by: tuple[int, ...]) -> Message:
        f_cnt = device.f_cnt
        factor, size = device.spreading_factor, len(frame.payload)
        channel = chance & 7
        counted = f',"f_cnt":{f_cnt}' if f_cnt else ""
        heard = self._receptions(network_ns, chance, channel, heard_by)
        body = (
            f'{device.head}-{f_cnt}"],"received_at":"{_instant(network_ns + _GATHERED_NS)}"'
            f',"uplink_message":{{"session_key_id":"{device.sessions[-1].session}"'
            f'{_port(frame)}{counted}{_payload(frame)},"rx_metadata":[{heard}'
            f'],"settings":{{"data_rate":{{"lora":{{"bandwidth":125000,"spreading_factor":{factor},"coding_rate":"4/5"}}}}'
            f',"frequency":"{CHANNELS[channel]}","timestamp":{network_ns // 1_000 % COUNTER}}}'
            f',"received_at":"{_instant(network_ns)}"{_CONFIRMED if frame.segment else ""}'
            f',"consumed_airtime":"{_duration(factor, size)}"{_versions(device.fleet, self._tenant)}}}}}'
        )
        return device.topic, body.encode()

    def log(self, device: CityDevice, code: str, network_ns: int) -> None:  # noqa: ARG002  it publishes no log
        return None

    def status(self, device: CityDevice, health: Health, network_ns: int) -> None:  # noqa: ARG002  it keeps it to itself
        return None

    def _topic(self, device: CityDevice, kind: str) -> str:
        return f"v3/{device.fleet.application_id}@{self._tenant}/devices/{device.device_id}/{kind}"

    def _receptions(self, network_ns: int, chance: int, channel: int, heard_by: tuple[int, ...]) -> str:
        counter = network_ns // 1_000 % COUNTER
        heard_at = _instant(network_ns - _HEARD_NS)
        return ",".join(
            [
                f"{self._rx_head[gateway]}{counter}{self._rx_level[level]}{self._rx_tail[gateway]}"
                f'{self._channel[channel]},"received_at":"{heard_at}"}}'
                for gateway, level in levels(chance, heard_by)
            ]
        )


def _instant(ns: int) -> str:
    return to_the_nanosecond(ns, "Z")


def _port(frame: Frame) -> str:
    return f',"f_port":{frame.f_port}' if frame.f_port else ""


def _payload(frame: Frame) -> str:
    return f',"frm_payload":"{base64(frame.payload)}"' if frame.payload else ""


@lru_cache(maxsize=4_096)
def _duration(factor: int, size: int) -> str:
    seconds, ns = divmod(airtime_ns(factor, size), NS)
    return f"{seconds}.{ns // 1_000:06d}s"


@lru_cache(maxsize=16)
def _versions(fleet: Fleet, tenant: str) -> str:
    return (
        f',"version_ids":{{"brand_id":"{fleet.brand_id}","model_id":"{fleet.model_id}","hardware_version":"'
        f'{fleet.hardware_version}","firmware_version":"{fleet.firmware_version}","band_id":"EU_863_870"}}'
        f',"network_ids":{{"net_id":"000013","tenant_id":"{tenant}","cluster_id":"eu1"}}'
    )


def _rx_head(gateway: Gateway) -> str:
    return f'{{"gateway_ids":{{"gateway_id":"{gateway.gateway_id}","eui":"{gateway.eui}"}},"timestamp":'


def _rx_level(level: int) -> str:
    rssi, snr = signal(level)
    heard = f',"snr":{snr:g}' if snr else ""
    return f',"rssi":{rssi},"channel_rssi":{rssi}{heard}'


def _rx_tail(gateway: Gateway) -> str:
    token = base64(b"uplink token of gateway " + gateway.gateway_id.encode())
    return (
        f',"location":{{"latitude":{gateway.latitude},"longitude":{gateway.longitude},"source":"SOURCE_REGISTRY"}}'
        f',"uplink_token":"{token}"'
    )
