"""What befalls the devices: joins, resets, moves to another network, exchanged meters, leaks, broken lamps, dusk."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from random import Random

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.habits import electricity, lamps, taps, water
from adapters.simulated_city.network import Network
from adapters.simulated_city.network_servers import source_name
from adapters.simulated_city.network_servers.network_server import Message
from adapters.simulated_city.settings import SimulatedCitySettings
from adapters.simulated_city.truth import Incident, SessionTruth, Truth

_NS = 1_000_000_000
_JOIN_BEFORE_NS = 1_000_000_000
"""A device joins between its frames: after the jitter of the one before, before that of the next."""
_SHORT_SESSION = (8, 40)
"""Frames of a session that ends; long enough for a late frame to meet at most one new join."""
_ENDLESS = 1 << 62
_COUNTS_FOR_NS = 90 * _NS
"""From 0 on, at least: within 60 s of each other two frames with one counter and payload are copies, and within 30 s of
a join nobody knows of which session a frame is, where the network server does not say."""
_METERS = {"electricity": electricity.meter_number, "water": water.meter_number}


class Life:
    """Changes devices before they speak, and tells what happened."""

    def __init__(
        self, settings: SimulatedCitySettings, start_ns: int, network: Network, random: Random, truth: Truth | None
    ) -> None:
        self._settings = settings
        self._start_ns = start_ns
        self._network = network
        self._random = random
        self._truth = truth
        self._was_dark = True

    def dusk(self, devices: Sequence[CityDevice], network_ns: int) -> Iterator[Message]:
        """Yield the joins of all lamps that get their power at that moment, if it is dusk."""
        before, self._was_dark = self._was_dark, lamps.is_dark(network_ns // _NS)
        if before or not self._was_dark:
            return
        woken = [device for device in devices if device.sessions and lamps.is_switched(device)]
        for device in woken:
            yield self.join(device, network_ns)
        if woken:
            self._tell("dusk", str(len(woken)), network_ns)

    def befall(self, device: CityDevice, network_ns: int) -> Iterator[Message]:
        """Yield the join that the device needs before it can speak, after whatever happens to it before."""
        fate = device.fate
        moves = fate.migration_at <= device.sent and device.network == device.home and device.pending is None
        if moves:
            self._migrate(device, network_ns)
        if device.frames_left <= 0 and (moves or network_ns - device.began_ns >= _COUNTS_FOR_NS):
            yield self.join(device, network_ns)
        elif fate.reset_at <= device.sent and device.pending is None:
            self._reset(device, network_ns)
        if fate.exchange_at <= device.sent and not device.meter and device.pending is None:
            self._exchange(device, network_ns)
        if device.sent in (fate.leak_at, fate.leak_until):
            self._leak(device, network_ns)
        if device.sent in (fate.fault_at, fate.fault_until):
            self._lamp(device, network_ns)

    def ends_soon(self, device: CityDevice) -> bool:
        """Say whether the frame that the device sends now may be the last before it counts from 0 again."""
        following, fate = device.sent + 1, device.fate
        moves = device.network == device.home and fate.migration_at <= following
        return device.frames_left <= 1 or moves or fate.reset_at <= following

    def join(self, device: CityDevice, network_ns: int) -> Message:
        """Return the message that tells of a new session of the device, other than at any earlier start of the city."""
        number = len(device.sessions)
        name = f"{self._settings.seed} {self._start_ns} {device.dev_eui} {number}"
        key = blake2b(name.encode(), digest_size=16).digest()
        source = source_name(self._settings.name, self._settings.network_servers[device.network])
        device.sessions.append(SessionTruth(b64encode(key).decode(), source))
        ends = self._random.random() < self._settings.rejoins
        device.frames_left = self._random.randint(*_SHORT_SESSION) if ends else _ENDLESS
        device.f_cnt, device.highest, device.began_ns = 0, -1, network_ns
        device.opened_ns = device.opened_ns or network_ns
        return self._network.join(device, f"26{key[:3].hex().upper()}", network_ns - _JOIN_BEFORE_NS)

    def _reset(self, device: CityDevice, network_ns: int) -> None:
        """Let it count from 0 again, without a word; its network server may not take that."""
        known = device.sessions[-1]
        if network_ns - device.began_ns < _COUNTS_FOR_NS or device.f_cnt <= device.highest or known.last < 0:
            return  # of what nobody has heard nobody knows that it began anew
        if not self._network.drops_resets(device):
            device.highest = -1
            device.sessions.append(SessionTruth(known.session, known.source, is_reset=True))
        self._tell("reset", device.dev_eui, network_ns, f"f_cnt {device.f_cnt} → 0")
        device.f_cnt, device.began_ns, device.fate = 0, network_ns, device.fate.after_reset(device.sent)

    def _migrate(self, device: CityDevice, network_ns: int) -> None:
        servers = self._settings.network_servers
        device.network = (device.network + 1) % len(servers)
        device.frames_left = 0
        self._tell("migration", device.dev_eui, network_ns, f"{servers[device.home]} → {servers[device.network]}")

    def _exchange(self, device: CityDevice, network_ns: int) -> None:
        number = _METERS[device.fleet.name]
        before = number(device)
        device.meter += 1
        device.metered_since_s = network_ns // _NS
        self._tell("meter_exchange", device.dev_eui, network_ns, f"{before} → {number(device)}")

    def _leak(self, device: CityDevice, network_ns: int) -> None:
        if not device.leak_since_s:
            device.leak_since_s = network_ns // _NS
            self._tell("leak", device.dev_eui, network_ns, f"{taps.leak_rate(device)} L/h")
        elif not device.leak_until_s:
            device.leak_until_s = network_ns // _NS
            self._tell("leak_found", device.dev_eui, network_ns)

    def _lamp(self, device: CityDevice, network_ns: int) -> None:
        if not device.fault_since_s:
            device.fault_since_s = network_ns // _NS
            self._tell("lamp_fault", device.dev_eui, network_ns)
        elif not device.fault_until_s:
            device.fault_until_s = network_ns // _NS
            self._tell("lamp_replaced", device.dev_eui, network_ns)

    def _tell(self, what: str, subject: str, at_ns: int, detail: str = "") -> None:
        if self._truth is not None:
            self._truth.tell(Incident(what, subject, at_ns, detail))
