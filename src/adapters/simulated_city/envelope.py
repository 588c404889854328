"""Messages as The Things Stack v3 publishes them.

Source: The Things Stack documentation, "Data Formats" and "MQTT Server"; its API ``ttn/lorawan/v3``: fields keep
their proto names, zero values are left out (lorawan-stack issue 3874), EUIs are upper-case hex, octets base64,
64-bit integers text.

A message is put together from prepared pieces: building and encoding its objects would cost ten times as much.
"""

from binascii import b2a_base64
from datetime import date, timedelta
from functools import lru_cache

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.fleets import Fleet
from adapters.simulated_city.frame import Frame
from adapters.simulated_city.radio import CHANNELS, GATEWAYS, Gateway, airtime_ns

_NS = 1_000_000_000
_DAY_S = 86_400
_EPOCH = date(1970, 1, 1)
_JOIN_EUI = "70B3D57EF0000001"
_GATHERED_NS = 204_483_584
"""The network waits 200 ms for further gateways before it hands an uplink on (lorawan-stack, DeduplicationWindow)."""
_HEARD_NS = 19_589_559
"""From the gateway's clock to the gateway server's."""
_LEVELS = 32
"""Signal levels a gateway hears one device at."""
_COUNTER = 1 << 32
"""A gateway's µs counter wraps."""


class Envelopes:
    """Writes the messages of one city."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._rx_head = [_rx_head(gateway) for gateway in GATEWAYS]
        self._rx_level = [_rx_level(level) for level in range(_LEVELS)]
        self._rx_tail = [_rx_tail(gateway) for gateway in GATEWAYS]
        self._channel = ["", *(f',"channel_index":{index}' for index in range(1, len(CHANNELS)))]

    def topic(self, device: CityDevice, kind: str) -> str:
        """Return where a message of ``kind`` (``up``, ``join``) is published."""
        return f"v3/{device.fleet.application_id}@{self._tenant}/devices/{device.device_id}/{kind}"

    def begin(self, device: CityDevice, dev_addr: str) -> None:
        """Prepare what all messages of the device's new session have in common."""
        device.topic = self.topic(device, "up")
        device.head = (
            f'{{"end_device_ids":{{"device_id":"{device.device_id}","application_ids":{{"application_id":"'
            f'{device.fleet.application_id}"}},"dev_eui":"{device.dev_eui.upper()}","join_eui":"{_JOIN_EUI}"'
            f',"dev_addr":"{dev_addr}"}},"correlation_ids":["gs:uplink:{dev_addr}'
        )

    def join(self, device: CityDevice, network_ns: int) -> bytes:
        """Return the message that tells of the device's new session."""
        return (
            f'{device.head}-join"],"received_at":"{_instant(network_ns + _GATHERED_NS)}","join_accept":{{'
            f'"session_key_id":"{device.sessions[-1].session}","received_at":"{_instant(network_ns)}"}}}}'
        ).encode()

    def up(self, device: CityDevice, frame: Frame, network_ns: int, chance: int) -> bytes:
        """Return the message that brings the device's next frame, as the network received it at ``network_ns``.

        ``chance`` (32 bits) chooses channel and signal levels.
        """
        f_cnt = device.f_cnt
        factor, size = device.spreading_factor, len(frame.payload)
        channel = chance & 7
        counted = f',"f_cnt":{f_cnt}' if f_cnt else ""
        heard = self._receptions(device, network_ns, chance, channel)
        return (
            f'{device.head}-{f_cnt}"],"received_at":"{_instant(network_ns + _GATHERED_NS)}"'
            f',"uplink_message":{{"session_key_id":"{device.sessions[-1].session}"'
            f'{_port(frame)}{counted}{_payload(frame)},"rx_metadata":[{heard}'
            f'],"settings":{{"data_rate":{{"lora":{{"bandwidth":125000,"spreading_factor":{factor},"coding_rate":"4/5"}}}}'
            f',"frequency":"{CHANNELS[channel]}","timestamp":{network_ns // 1_000 % _COUNTER}}}'
            f',"received_at":"{_instant(network_ns)}"{_CONFIRMED if frame.segment else ""}'
            f',"consumed_airtime":"{_duration(factor, size)}"{_versions(device.fleet, self._tenant)}}}}}'
        ).encode()

    def _receptions(self, device: CityDevice, network_ns: int, chance: int, channel: int) -> str:
        counter = network_ns // 1_000 % _COUNTER
        heard_at = _instant(network_ns - _HEARD_NS)
        receptions = []
        for gateway in device.heard_by:
            chance >>= 3
            level = (chance + gateway) % _LEVELS
            receptions.append(
                f"{self._rx_head[gateway]}{counter}{self._rx_level[level]}{self._rx_tail[gateway]}"
                f'{self._channel[channel]},"received_at":"{heard_at}"}}'
            )
        return ",".join(receptions)


_CONFIRMED = ',"confirmed":true'


def _port(frame: Frame) -> str:
    return f',"f_port":{frame.f_port}' if frame.f_port else ""


def _payload(frame: Frame) -> str:
    return f',"frm_payload":"{b2a_base64(frame.payload, newline=False).decode()}"' if frame.payload else ""


def _instant(ns: int) -> str:
    seconds, fraction = divmod(ns, _NS)
    return f"{_second(seconds)}.{fraction:09d}Z"


@lru_cache(maxsize=64)  # the messages of a moment share a few seconds
def _second(seconds: int) -> str:
    days, second = divmod(seconds, _DAY_S)
    minute, second = divmod(second, 60)
    return f"{_day(days)}T{minute // 60:02d}:{minute % 60:02d}:{second:02d}"


@lru_cache(maxsize=8)
def _day(days: int) -> str:
    return (_EPOCH + timedelta(days)).isoformat()


@lru_cache(maxsize=4_096)
def _duration(factor: int, size: int) -> str:
    seconds, ns = divmod(airtime_ns(factor, size), _NS)
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
    rssi, snr = -62 - 2 * level, 10.5 - 0.75 * level
    heard = f',"snr":{snr:g}' if snr else ""
    return f',"rssi":{rssi},"channel_rssi":{rssi}{heard}'


def _rx_tail(gateway: Gateway) -> str:
    token = b2a_base64(b"uplink token of gateway " + gateway.gateway_id.encode(), newline=False).decode()
    return (
        f',"location":{{"latitude":{gateway.latitude},"longitude":{gateway.longitude},"source":"SOURCE_REGISTRY"}}'
        f',"uplink_token":"{token}"'
    )
