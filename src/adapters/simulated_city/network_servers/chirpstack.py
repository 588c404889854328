"""Messages as ChirpStack v4 publishes them.

Source: ChirpStack documentation, "Event types" and "MQTT integration"; its API ``integration.proto``, ``gw.proto``:
camelCase, EUIs lower-case hex, times with ``+00:00``; an event's own zeros are written, those of ``rxInfo`` are not. A
frame that is not beyond the last one (an ABP device after a power cut) and a repeat are dropped, and told in the log.
"""

from functools import lru_cache
from hashlib import blake2b
from typing import ClassVar

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.fleets import Fleet
from adapters.simulated_city.frame import Frame
from adapters.simulated_city.network_servers.network_server import Health, Message
from adapters.simulated_city.network_servers.wire import LEVELS, base64, levels, signal, to_the_nanosecond
from adapters.simulated_city.poison import Breaking
from adapters.simulated_city.radio import CHANNELS, GATEWAYS, Gateway

_SLOWEST_SF = 12
"""EU868: data rate 0."""


class ChirpStack:
    """Writes the messages of one city."""

    name: ClassVar[str] = "chirpstack"
    names_sessions: ClassVar[bool] = True
    drops_resets: ClassVar[bool] = True
    breaking: ClassVar[Breaking] = Breaking("fCnt", "devEui", "data")

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._rx_head = [_rx_head(gateway) for gateway in GATEWAYS]
        self._rx_tail = [_rx_tail(level) for level in range(LEVELS)]

    def begin(self, device: CityDevice, dev_addr: str) -> None:
        device.topic = _topic(device, "up")
        device.head = f'{_device_info(device, self._tenant)},"devAddr":"{dev_addr.lower()}"'

    def join(self, device: CityDevice, network_ns: int) -> Message:
        body = (
            f'{{"deduplicationId":"{_uuid(device.dev_eui, network_ns)}","time":"{_instant(network_ns)}",{device.head}'
            ',"relayRxInfo":null,"joinServerContext":null,"regionConfigId":"eu868"}'
        )
        return _topic(device, "join"), body.encode()

    def up(self, device: CityDevice, frame: Frame, network_ns: int, chance: int, heard_by: tuple[int, ...]) -> Message:
        factor = device.spreading_factor
        arrived = f'{_instant(network_ns)}","rssi":'
        heard = ",".join(
            [f"{self._rx_head[gateway]}{arrived}{self._rx_tail[level]}" for gateway, level in levels(chance, heard_by)]
        )
        confirmed = "true" if frame.segment else "false"
        body = (
            f'{{"deduplicationId":"{_uuid(device.dev_eui, network_ns)}","time":"{_instant(network_ns)}",{device.head}'
            f',"adr":true,"dr":{_SLOWEST_SF - factor},"fCnt":{device.f_cnt},"fPort":{frame.f_port}'
            f',"confirmed":{confirmed},"data":"{base64(frame.payload)}","rxInfo":[{heard}],"txInfo":{{"frequency":'
            f'{CHANNELS[chance & 7]},"modulation":{{"lora":{{"bandwidth":125000,"spreadingFactor":{factor}'
            ',"codeRate":"CR_4_5"}}},"relayRxInfo":null,"joinServerContext":null,"regionConfigId":"eu868"}'
        )
        return device.topic, body.encode()

    def status(self, device: CityDevice, health: Health, network_ns: int) -> Message:
        mains = "true" if health.battery is None else "false"
        body = (
            f'{{"deduplicationId":"{_uuid(device.dev_eui, network_ns)}","time":"{_instant(network_ns)}",{_info(device)}'
            f',"margin":{health.margin},"externalPowerSource":{mains},"batteryLevelUnavailable":false'
            f',"batteryLevel":{health.battery or 0.0}}}'
        )
        return _topic(device, "status"), body.encode()

    def log(self, device: CityDevice, code: str, network_ns: int) -> Message:
        body = (
            f'{{"time":"{_instant(network_ns)}",{_info(device)},"level":"WARNING","code":"{code}","description":'
            f'"{_DESCRIPTIONS[code]}","context":{{"deduplication_id":"{_uuid(device.dev_eui, network_ns)}"'
            f',"f_cnt_up":"{device.f_cnt}"}}}}'
        )
        return _topic(device, "log"), body.encode()


_DESCRIPTIONS = {
    "UPLINK_F_CNT_RESET": "Frame-counter reset or rollover detected",
    "UPLINK_F_CNT_RETRANSMISSION": "Uplink was flagged as re-transmission",
}


def _info(device: CityDevice) -> str:
    """Return ``deviceInfo`` alone, of what all events of the session begin with."""
    return device.head.rpartition(',"devAddr"')[0]


def _topic(device: CityDevice, event: str) -> str:
    return f"application/{_application(device.fleet)}/device/{device.dev_eui}/event/{event}"


def _instant(ns: int) -> str:
    return to_the_nanosecond(ns, "+00:00")


def _uuid(*parts: object) -> str:
    digits = blake2b(" ".join(map(str, parts)).encode(), digest_size=16).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"


@lru_cache(maxsize=16)
def _application(fleet: Fleet) -> str:
    return _uuid(fleet.application_id)


def _device_info(device: CityDevice, tenant: str) -> str:
    fleet = device.fleet
    return (
        f'"deviceInfo":{{"tenantId":"{_uuid(tenant)}","tenantName":"{tenant}","applicationId":"{_application(fleet)}"'
        f',"applicationName":"{fleet.application_id}","deviceProfileId":"{_uuid(fleet.model_id)}"'
        f',"deviceProfileName":"{fleet.brand_id}/{fleet.model_id}","deviceName":"{device.device_id}"'
        f',"devEui":"{device.dev_eui}","deviceClassEnabled":"CLASS_A"'
        f',"tags":{{"firmware_version":"{fleet.firmware_version}"}}}}'
    )


def _rx_head(gateway: Gateway) -> str:
    return (
        f'{{"gatewayId":"{gateway.eui.lower()}","location":{{"latitude":{gateway.latitude}'
        f',"longitude":{gateway.longitude}}},"crcStatus":"CRC_OK","nsTime":"'
    )


def _rx_tail(level: int) -> str:
    rssi, snr = signal(level)
    return f'{rssi},"snr":{snr:g}}}' if snr else f"{rssi}}}"
