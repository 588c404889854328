"""Messages as The Things Network v2 published them until 2021.

Source: github.com/TheThingsNetwork/ttn, ``mqtt/README.md`` and ``core/types``: port and counter are always written,
frequencies are MHz, airtimes ns; times have as many digits as they need; a gateway without GPS has ``"time":""``. An
activation names neither application nor device but in its topic, and no uplink tells its session.
"""

from functools import lru_cache
from typing import ClassVar

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.frame import Frame
from adapters.simulated_city.network_servers.network_server import Health, Message
from adapters.simulated_city.network_servers.wire import COUNTER, NS, base64, levels, second, signal
from adapters.simulated_city.poison import Breaking
from adapters.simulated_city.radio import CHANNELS, GATEWAYS, airtime_ns

_APP_EUI = "70B3D57EF0000001"


class ThingsNetworkV2:
    """Writes the messages of one city; a tenant is no notion of it."""

    name: ClassVar[str] = "ttn-v2"
    names_sessions: ClassVar[bool] = False
    drops_resets: ClassVar[bool] = False
    breaking: ClassVar[Breaking] = Breaking("counter", "hardware_serial", "payload_raw")

    def __init__(self, tenant: str) -> None:
        del tenant

    def begin(self, device: CityDevice, dev_addr: str) -> None:
        device.topic = f"{device.fleet.application_id}/devices/{device.device_id}/up"
        device.head = dev_addr

    def join(self, device: CityDevice, network_ns: int) -> Message:
        topic = f"{device.fleet.application_id}/devices/{device.device_id}/events/activations"
        body = (
            f'{{"app_eui":"{_APP_EUI}","dev_eui":"{device.dev_eui.upper()}","dev_addr":"{device.head}"'
            f',"metadata":{{"time":"{_instant(network_ns)}","frequency":868.3,"modulation":"LORA"'
            f',"data_rate":"SF{device.spreading_factor}BW125","coding_rate":"4/5"}}}}'
        )
        return topic, body.encode()

    def up(self, device: CityDevice, frame: Frame, network_ns: int, chance: int, heard_by: tuple[int, ...]) -> Message:
        factor = device.spreading_factor
        channel = chance & 7
        counter = network_ns // 1_000 % COUNTER
        payload = f'"{base64(frame.payload)}"' if frame.payload else "null"
        heard = ",".join([_gateway(gateway, level, channel, counter) for gateway, level in levels(chance, heard_by)])
        body = (
            f'{{"app_id":"{device.fleet.application_id}","dev_id":"{device.device_id}"'
            f',"hardware_serial":"{device.dev_eui.upper()}","port":{frame.f_port},"counter":{device.f_cnt}'
            f',"payload_raw":{payload},"metadata":{{"time":"{_instant(network_ns)}","frequency":{_MHZ[channel]}'
            f',"modulation":"LORA","data_rate":"SF{factor}BW125","airtime":{airtime_ns(factor, len(frame.payload))}'
            f',"coding_rate":"4/5","gateways":[{heard}]}}}}'
        )
        return device.topic, body.encode()

    def log(self, device: CityDevice, code: str, network_ns: int) -> None:  # noqa: ARG002  it publishes no log
        return None

    def status(self, device: CityDevice, health: Health, network_ns: int) -> None:  # noqa: ARG002  it keeps it to itself
        return None


_MHZ = tuple(f"{hz / 1e6:g}" for hz in CHANNELS)


def _instant(ns: int) -> str:
    fraction = ns % NS
    return f"{second(ns)}.{fraction:09d}".rstrip("0") + "Z" if fraction else f"{second(ns)}Z"


@lru_cache(maxsize=4_096)
def _place(gateway: int, level: int, channel: int) -> tuple[str, str]:
    rssi, snr = signal(level)
    where = GATEWAYS[gateway]
    head = f'{{"gtw_id":"eui-{where.eui.lower()}","timestamp":'
    signals = f',"time":"","channel":{channel},"rssi":{rssi},"snr":{snr:g},"rf_chain":0'
    return head, f'{signals},"latitude":{where.latitude},"longitude":{where.longitude}}}'


def _gateway(gateway: int, level: int, channel: int, counter: int) -> str:
    head, tail = _place(gateway, level, channel)
    return f"{head}{counter}{tail}"
