"""What the networks make of a frame, and what an observer of their messages can know of it."""

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from random import Random

from msgspec import Struct

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.frame import Frame, Meaning
from adapters.simulated_city.mishap import Mishap
from adapters.simulated_city.network_servers import NetworkServer
from adapters.simulated_city.network_servers.network_server import Health, Message
from adapters.simulated_city.truth import ExpectedPoison, ExpectedReading, SessionTruth, Truth
from adapters.simulated_city.turns import Turns

_REPEAT_AFTER_NS = (1_000_000_000, 20_000_000_000)
"""A repeat is heard 1 to 20 s later: copies of a frame lie within 60 s (at most 15 transmissions, seconds apart)."""
_JITTER_NS = 1_000_000_000
"""A frame comes at most this much after its turn began."""
_LATE_BY = 5
"""Frames of its device that a late one waits for at most."""
_HISTORY_KEPT = 240
"""Instants: ten days of hours, since a frame may come five frames of two days late."""
_RESET, _RETRANSMISSION = "UPLINK_F_CNT_RESET", "UPLINK_F_CNT_RETRANSMISSION"


class _Carried(Struct, frozen=True):
    """A message of a frame, on its way to the observer."""

    device: CityDevice
    session: SessionTruth
    f_cnt: int
    frame: Frame
    network_ns: int
    message: Message
    repeat: bool = False
    logged: bool = False
    """It is a line of the server's log about the frame."""


class Hearing(Struct, frozen=True):
    """When and by whom a frame is heard."""

    network_ns: int
    gateways: tuple[int, ...]
    """By index; none: nobody hears it."""


def _health(device: CityDevice) -> Health:
    level = round((254 - (device.traits >> 7) % 100 - device.sent // 100 % 100) / 254 * 100, 5)
    return Health(5 + device.traits % 20, None if device.fleet.name == "lamps" else level)


def _told(health: Health) -> list[tuple[str, bool | float]]:
    """Return what an observer reads in it."""
    on_mains = health.battery is None
    told: list[tuple[str, bool | float]] = [("radio.downlink.snr", float(health.margin)), ("device.powered", on_mains)]
    return told if health.battery is None else [*told, ("device.battery.level", health.battery)]


def _news(carried: _Carried) -> list[Meaning]:
    """Return what of a frame's history was not told by others that were handed over before it."""
    history, device = carried.frame.history, carried.device
    if not history:
        return []
    news = [meaning for meaning in history if meaning[2] not in device.told_ns]
    known = device.told_ns.union(meaning[2] for meaning in news)
    device.told_ns = frozenset(sorted(known)[-_HISTORY_KEPT:])
    return news


class Network:
    """Carries frames to the observer; tells the truth of each message when it is handed over, not before."""

    def __init__(self, servers: Sequence[NetworkServer], turns: Turns, random: Random, truth: Truth | None) -> None:
        self._servers = servers
        self._turns = turns
        self._random = random
        self._truth = truth
        self._held: list[tuple[int, int, _Carried]] = []
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
        session.last = carried.f_cnt
        self._received(carried)
        return carried.message

    def health(self, device: CityDevice, network_ns: int) -> Message | None:
        """Return what the network server learned of the device with a frame it heard then, where it asks."""
        health = _health(device)
        message = self._servers[device.network].status(device, health, network_ns)
        if message is not None and self._truth is not None:
            for measurand, value in _told(health):
                self._truth.tell(ExpectedReading(device.dev_eui, measurand, "", network_ns, value))
        return message

    def due(self, turn: int) -> Iterator[Message]:
        """Yield what was held back until ``turn``."""
        while self._held and self._held[0][0] <= turn:
            due, _, held = heappop(self._held)
            is_over = held.session is not held.device.sessions[-1]
            if held.repeat or is_over or held.session.last > held.f_cnt:
                yield self._released(held)
            else:  # nothing later was heard yet: it would not be late
                self._hold(self._turns.later(due, 1), held)

    def rest(self) -> Iterator[Message]:
        """Yield all that is still held back."""
        while self._held:
            yield self._released(heappop(self._held)[2])

    def _carried(self, device: CityDevice, frame: Frame, heard: Hearing) -> _Carried:
        server, chance = self._servers[device.network], self._random.getrandbits(32)
        message = server.up(device, frame, heard.network_ns, chance, heard.gateways)
        return _Carried(device, device.sessions[-1], device.f_cnt, frame, heard.network_ns, message)

    def _repeated(self, device: CityDevice, frame: Frame, heard: Hearing) -> _Carried:
        """Return the copy of a frame; ChirpStack only tells of it in its log."""
        server, chance = self._servers[device.network], self._random.getrandbits(32)
        line = server.log(device, _RETRANSMISSION, heard.network_ns)
        message = line or server.up(device, frame, heard.network_ns, chance, heard.gateways)
        session, is_logged = device.sessions[-1], line is not None
        return _Carried(device, session, device.f_cnt, frame, heard.network_ns, message, repeat=True, logged=is_logged)

    def _dropped(self, device: CityDevice, network_ns: int) -> Message | None:
        """Return what the server says of a frame whose counter it has seen before."""
        device.sessions[-1].logged += 1
        return self._servers[device.network].log(device, _RESET, network_ns)

    def _released(self, held: _Carried) -> Message:
        session = held.session
        if held.logged:
            session.logged += 1
        elif held.repeat:
            session.duplicate += 1
            session.heard_ns = max(session.heard_ns, held.network_ns)
        else:
            session.late += self._is_late(held)
            session.last = max(session.last, held.f_cnt)
            self._received(held)
        return held.message

    def _is_late(self, held: _Carried) -> bool:
        """Say whether a later frame was heard of what the observer takes for one session."""
        names_sessions = self._servers[held.device.network].names_sessions
        return any(
            each.heard_ns > held.network_ns
            for each in held.device.sessions
            if each.source == held.session.source and (not names_sessions or each.session == held.session.session)
        )

    def _received(self, carried: _Carried) -> None:
        session, frame = carried.session, carried.frame
        session.received += 1
        session.heard_ns = max(session.heard_ns, carried.network_ns)
        session.empty += not frame.payload
        if frame.undecodable:
            session.undecodable += 1
            self._poisoned(carried, "payload", frame.undecodable)
        if self._truth is not None:
            dev_eui = carried.device.dev_eui
            for measurand, channel, event_ns, value, exponent in (*frame.meanings, *_news(carried)):
                self._truth.tell(ExpectedReading(dev_eui, measurand, channel, event_ns, value, exponent))

    def _broken(self, carried: _Carried) -> Message:
        topic, body = carried.message
        breaking = self._servers[carried.device.network].breaking
        how, broken = breaking.broken(body, self._random.getrandbits(16))
        self._poisoned(carried, "envelope", how)
        return topic, broken

    def _poisoned(self, carried: _Carried, broken: str, how: str) -> None:
        if self._truth is not None:
            topic, _ = carried.message
            self._truth.tell(ExpectedPoison(carried.device.dev_eui, topic, broken, how, carried.f_cnt))

    def _hold(self, due: int, carried: _Carried) -> None:
        self._order += 1
        heappush(self._held, (due, self._order, carried))
