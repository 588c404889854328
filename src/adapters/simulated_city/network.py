"""What the network makes of a frame, and what an observer of its messages can know of it."""

from collections.abc import Iterator
from heapq import heappop, heappush
from random import Random

from msgspec import Struct

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.envelope import Envelopes
from adapters.simulated_city.frame import Frame
from adapters.simulated_city.mishap import Mishap
from adapters.simulated_city.poison import CUT, broken_envelope
from adapters.simulated_city.truth import ExpectedPoison, ExpectedReading, SessionTruth, Truth
from adapters.simulated_city.turns import Turns

Message = tuple[str, bytes]
"""Topic and body, as the network server publishes them."""

_REPEAT_AFTER_NS = (1_000_000_000, 20_000_000_000)
"""A repeat is heard 1 to 20 s later: copies of a frame lie within 60 s (at most 15 transmissions, seconds apart)."""
_REPEAT_WITHIN_TURNS = 40
_LATE_BY = 5
"""Frames of its device that a late one waits for at most."""


class _Held(Struct, frozen=True):
    """A message that the network hands over later."""

    device: CityDevice
    session: SessionTruth
    f_cnt: int
    frame: Frame
    message: Message
    repeat: bool


class Network:
    """Carries frames to the observer; tells the truth of each message when it is handed over, not before."""

    def __init__(self, envelopes: Envelopes, turns: Turns, random: Random, truth: Truth | None) -> None:
        self._envelopes = envelopes
        self._turns = turns
        self._random = random
        self._truth = truth
        self._held: list[tuple[int, int, _Held]] = []
        self._order = 0

    def join(self, device: CityDevice, dev_addr: str, network_ns: int) -> Message:
        """Return the message that tells of the device's newest session."""
        self._envelopes.begin(device, dev_addr)
        return self._envelopes.topic(device, "join"), self._envelopes.join(device, network_ns)

    def carry(self, device: CityDevice, frame: Frame, network_ns: int, mishap: Mishap, turn: int) -> Message | None:
        """Return the message of the frame, if it is handed over now."""
        f_cnt = device.f_cnt
        if mishap is Mishap.LOST:
            return None
        body = self._envelopes.up(device, frame, f_cnt, network_ns, self._random.getrandbits(32))
        message = (device.topic, body)
        if mishap is Mishap.BROKEN_ENVELOPE:
            return self._broken(device, f_cnt, message)
        session = device.sessions[-1]
        if mishap is Mishap.LATE:
            due = self._turns.later(turn, self._random.randint(1, _LATE_BY))
            self._hold(due, _Held(device, session, f_cnt, frame, message, repeat=False))
            return None
        if mishap is Mishap.REPEATED:
            self._repeat(device, frame, f_cnt, network_ns, turn)
        if mishap is Mishap.BROKEN_PAYLOAD:
            session.undecodable += 1
            self._poisoned(device, f_cnt, message[0], "payload", CUT)
        session.last = f_cnt
        self._received(device, session, frame)
        return message

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

    def _released(self, held: _Held) -> Message:
        if held.repeat:
            held.session.duplicate += 1
        else:
            held.session.late += 1
            self._received(held.device, held.session, held.frame)
        return held.message

    def _received(self, device: CityDevice, session: SessionTruth, frame: Frame) -> None:
        session.received += 1
        session.empty += not frame.payload
        if self._truth is not None:
            for measurand, channel, event_ns, value, exponent in frame.meanings:
                self._truth.tell(ExpectedReading(device.dev_eui, measurand, channel, event_ns, value, exponent))

    def _poisoned(self, device: CityDevice, f_cnt: int, topic: str, broken: str, how: str) -> None:
        if self._truth is not None:
            self._truth.tell(ExpectedPoison(device.dev_eui, topic, broken, how, f_cnt))

    def _repeat(self, device: CityDevice, frame: Frame, f_cnt: int, network_ns: int, turn: int) -> None:
        again_ns = network_ns + self._random.randint(*_REPEAT_AFTER_NS)
        body = self._envelopes.up(device, frame, f_cnt, again_ns, self._random.getrandbits(32))
        message = (device.topic, body)
        due = turn + self._random.randint(1, _REPEAT_WITHIN_TURNS)
        self._hold(due, _Held(device, device.sessions[-1], f_cnt, frame, message, repeat=True))

    def _broken(self, device: CityDevice, f_cnt: int, message: Message) -> Message:
        topic, body = message
        how, broken = broken_envelope(body, self._random.getrandbits(16))
        self._poisoned(device, f_cnt, topic, "envelope", how)
        return topic, broken

    def _hold(self, due: int, held: _Held) -> None:
        self._order += 1
        heappush(self._held, (due, self._order, held))
