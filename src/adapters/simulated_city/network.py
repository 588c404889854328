"""What the network makes of a frame, and what an observer of its messages can know of it."""

from collections.abc import Iterator
from heapq import heappop, heappush
from random import Random

from msgspec import Struct

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.envelope import Envelopes
from adapters.simulated_city.frame import Frame
from adapters.simulated_city.mishap import Mishap
from adapters.simulated_city.poison import broken_envelope
from adapters.simulated_city.truth import ExpectedPoison, ExpectedReading, SessionTruth, Truth
from adapters.simulated_city.turns import Turns

Message = tuple[str, bytes]
"""Topic and body, as the network server publishes them."""

_REPEAT_AFTER_NS = (1_000_000_000, 20_000_000_000)
"""A repeat is heard 1 to 20 s later: copies of a frame lie within 60 s (at most 15 transmissions, seconds apart)."""
_REPEAT_WITHIN_TURNS = 40
_LATE_BY = 5
"""Frames of its device that a late one waits for at most."""


class _Carried(Struct, frozen=True):
    """A message of a frame, on its way to the observer."""

    device: CityDevice
    session: SessionTruth
    f_cnt: int
    frame: Frame
    message: Message
    repeat: bool = False


class Network:
    """Carries frames to the observer; tells the truth of each message when it is handed over, not before."""

    def __init__(self, envelopes: Envelopes, turns: Turns, random: Random, truth: Truth | None) -> None:
        self._envelopes = envelopes
        self._turns = turns
        self._random = random
        self._truth = truth
        self._held: list[tuple[int, int, _Carried]] = []
        self._order = 0

    def join(self, device: CityDevice, dev_addr: str, network_ns: int) -> Message:
        """Return the message that tells of the device's newest session."""
        self._envelopes.begin(device, dev_addr)
        return self._envelopes.topic(device, "join"), self._envelopes.join(device, network_ns)

    def carry(self, device: CityDevice, frame: Frame, network_ns: int, mishap: Mishap, turn: int) -> Message | None:
        """Return the message of the frame, if it is handed over now."""
        if mishap is Mishap.LOST:
            return None
        carried = self._carried(device, frame, network_ns)
        if mishap is Mishap.BROKEN_ENVELOPE:
            return self._broken(carried)
        if mishap is Mishap.LATE:
            self._hold(self._turns.later(turn, self._random.randint(1, _LATE_BY)), carried)
            return None
        if mishap is Mishap.REPEATED:
            again_ns = network_ns + self._random.randint(*_REPEAT_AFTER_NS)
            repeat = self._carried(device, frame, again_ns, repeat=True)
            self._hold(turn + self._random.randint(1, _REPEAT_WITHIN_TURNS), repeat)
        carried.session.last = carried.f_cnt
        self._received(carried)
        return carried.message

    def due(self, turn: int) -> Iterator[Message]:
        """Yield what was held back until ``turn``."""
        while self._held and self._held[0][0] <= turn:
            due, _, held = heappop(self._held)
            if held.repeat or held.session.last > held.f_cnt:
                yield self._released(held)
            else:  # nothing later was heard yet: it would not be late
                self._hold(self._turns.later(due, 1), held)

    def rest(self) -> Iterator[Message]:
        """Yield all that is still held back; the last frame of every device has been heard."""
        while self._held:
            yield self._released(heappop(self._held)[2])

    def _carried(self, device: CityDevice, frame: Frame, network_ns: int, *, repeat: bool = False) -> _Carried:
        body = self._envelopes.up(device, frame, network_ns, self._random.getrandbits(32))
        return _Carried(device, device.sessions[-1], device.f_cnt, frame, (device.topic, body), repeat)

    def _released(self, held: _Carried) -> Message:
        if held.repeat:
            held.session.duplicate += 1
        else:
            held.session.late += 1
            self._received(held)
        return held.message

    def _received(self, carried: _Carried) -> None:
        session, frame = carried.session, carried.frame
        session.received += 1
        session.empty += not frame.payload
        if frame.undecodable:
            session.undecodable += 1
            self._poisoned(carried, "payload", frame.undecodable)
        if self._truth is not None and frame.meanings:
            dev_eui = carried.device.dev_eui
            for measurand, channel, event_ns, value, exponent in frame.meanings:
                self._truth.tell(ExpectedReading(dev_eui, measurand, channel, event_ns, value, exponent))

    def _broken(self, carried: _Carried) -> Message:
        topic, body = carried.message
        how, broken = broken_envelope(body, self._random.getrandbits(16))
        self._poisoned(carried, "envelope", how)
        return topic, broken

    def _poisoned(self, carried: _Carried, broken: str, how: str) -> None:
        if self._truth is not None:
            topic, _ = carried.message
            self._truth.tell(ExpectedPoison(carried.device.dev_eui, topic, broken, how, carried.f_cnt))

    def _hold(self, due: int, carried: _Carried) -> None:
        self._order += 1
        heappush(self._held, (due, self._order, carried))
