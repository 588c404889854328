"""What the networks make of a frame: who hears it, when it is handed over, and what becomes of it on the way."""

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from adapters.simulated_city.carried import Carried
from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.frame import Frame
from adapters.simulated_city.mishap import Mishap
from adapters.simulated_city.network_servers import NetworkServer
from adapters.simulated_city.network_servers.network_server import Health, Message
from adapters.simulated_city.observer import Observer
from adapters.simulated_city.truth import Truth
from adapters.simulated_city.turns import Turns

_REPEAT_AFTER_NS = (1_000_000_000, 20_000_000_000)
"""A repeat is heard 1 to 20 s later: copies of a frame lie within 60 s (at most 15 transmissions, seconds apart)."""
_JITTER_NS = 1_000_000_000
"""A frame comes at most this much after its turn began."""
_LATE_BY = 5
"""Frames of its device that a late one waits for at most."""
_RESET, _RETRANSMISSION = "UPLINK_F_CNT_RESET", "UPLINK_F_CNT_RETRANSMISSION"


class Hearing(Struct, frozen=True):
    """When and by whom a frame is heard."""

    network_ns: int
    gateways: tuple[int, ...]
    """By index; none: nobody hears it."""


def _health(device: CityDevice) -> Health:
    level = round((254 - (device.traits >> 7) % 100 - device.sent // 100 % 100) / 254 * 100, 5)
    return Health(5 + device.traits % 20, None if device.fleet.name == "lamps" else level)


class Network:
    """Carries frames to the observer, who knows of each message when it is handed over, not before."""

    def __init__(self, servers: Sequence[NetworkServer], turns: Turns, random: Random, truth: Truth | None) -> None:
        self._servers = servers
        self._turns = turns
        self._random = random
        self._observer = Observer(truth)
        self._held: list[tuple[int, int, Carried]] = []
        self._order = 0

    def join(self, device: CityDevice, dev_addr: str, network_ns: int) -> Message:
        """Return the message that tells of the device's newest session."""
        server = self._servers[device.network]
        server.begin(device, dev_addr)
        return server.join(device, network_ns)

    def drops_resets(self, device: CityDevice) -> bool:
        """Say whether the device's network server tells of counters it has seen before in its log only."""
        return self._servers[device.network].drops_resets

    def takes(self, device: CityDevice) -> bool:
        """Say whether the network server hands on a frame with the device's present counter."""
        return device.f_cnt > device.highest or not self.drops_resets(device)

    def carry(self, device: CityDevice, frame: Frame, heard: Hearing, mishap: Mishap, turn: int) -> Message | None:
        """Return the message of the frame, if it is handed over now."""
        session = device.sessions[-1]
        session.sent += 1
        if not self.takes(device):
            session.dropped += 1
            return None if mishap is Mishap.LOST else self._dropped(device, heard.network_ns)
        if mishap is Mishap.LOST:
            return None
        device.highest = max(device.highest, device.f_cnt)
        carried = self._carried(device, frame, heard)
        if mishap is Mishap.BROKEN_ENVELOPE:
            return self._broken(carried)
        if mishap is Mishap.LATE:
            self._hold(self._turns.later(turn, self._random.randint(1, _LATE_BY)), carried)
            return None
        if mishap is Mishap.REPEATED:
            again_ns = heard.network_ns + self._random.randint(*_REPEAT_AFTER_NS)
            repeat = self._repeated(device, frame, Hearing(again_ns, heard.gateways))
            # Handed over when its time has come, as by a network server: no frame heard before it comes after it.
            self._hold(turn + 1 + (again_ns - heard.network_ns + _JITTER_NS) // self._turns.step_ns, repeat)
        self._observer.hears(carried)
        return carried.message

    def health(self, device: CityDevice, network_ns: int) -> Message | None:
        """Return what the network server learned of the device with a frame it heard then, where it asks."""
        health = _health(device)
        message = self._servers[device.network].status(device, health, network_ns)
        if message is not None:
            self._observer.reads_of(device, health, network_ns)
        return message

    def due(self, turn: int) -> Iterator[Message]:
        """Yield what was held back until ``turn``."""
        while self._held and self._held[0][0] <= turn:
            due, _, held = heappop(self._held)
            is_over = held.session is not held.device.sessions[-1]
            if held.repeat or is_over or held.session.last > held.f_cnt:
                self._observer.hears_again_or_late(held)
                yield held.message
            else:  # nothing later was heard yet: it would not be late
                self._hold(self._turns.later(due, 1), held)

    def rest(self) -> Iterator[Message]:
        """Yield all that is still held back."""
        while self._held:
            held = heappop(self._held)[2]
            self._observer.hears_again_or_late(held)
            yield held.message

    def _carried(self, device: CityDevice, frame: Frame, heard: Hearing) -> Carried:
        server, chance = self._servers[device.network], self._random.getrandbits(32)
        message = server.up(device, frame, heard.network_ns, chance, heard.gateways)
        return self._carried_with(device, frame, heard, message)

    def _carried_with(self, device: CityDevice, frame: Frame, heard: Hearing, message: Message) -> Carried:
        server, session = self._servers[device.network], device.sessions[-1]
        return Carried(device, server, session, device.f_cnt, frame, heard.network_ns, message)

    def _repeated(self, device: CityDevice, frame: Frame, heard: Hearing) -> Carried:
        """Return the copy of a frame; ChirpStack only tells of it in its log."""
        server, chance = self._servers[device.network], self._random.getrandbits(32)
        line = server.log(device, _RETRANSMISSION, heard.network_ns)
        message = line or server.up(device, frame, heard.network_ns, chance, heard.gateways)
        original = self._carried_with(device, frame, heard, message)
        return replace(original, repeat=True, logged=line is not None)

    def _dropped(self, device: CityDevice, network_ns: int) -> Message | None:
        """Return what the server says of a frame whose counter it has seen before."""
        device.sessions[-1].logged += 1
        return self._servers[device.network].log(device, _RESET, network_ns)

    def _broken(self, carried: Carried) -> Message:
        topic, body = carried.message
        how, broken = carried.server.breaking.broken(body, self._random.getrandbits(16))
        self._observer.cannot_use(carried, "envelope", how)
        return topic, broken

    def _hold(self, due: int, carried: Carried) -> None:
        self._order += 1
        heappush(self._held, (due, self._order, carried))
