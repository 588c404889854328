"""The city itself: its devices take turns, a frame a turn, and some frames go wrong."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import blake2b
from itertools import count
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.envelope import Envelopes
from adapters.simulated_city.frame import MAC_ONLY, Frame
from adapters.simulated_city.habits import HABITS
from adapters.simulated_city.mishap import Mishap, Mishaps
from adapters.simulated_city.network import Message, Network
from adapters.simulated_city.poison import broken_payload
from adapters.simulated_city.settings import EARLIEST_NS, SimulatedCitySettings
from adapters.simulated_city.truth import SessionTruth, Truth, of_device
from adapters.simulated_city.truth_file import TruthFile
from adapters.simulated_city.turns import Turns
from application.ports.clock import Clock

_JITTER_NS = 900_000_000
"""Devices keep no exact time; less than the least time between their turns, so their frames stay in order."""
_JOIN_BEFORE_NS = 1_000_000_000
"""A device joins between its frames: after the jitter of the one before, before that of the next."""
_SHORT_SESSION = (8, 40)
"""Frames of a session that ends; long enough for a late frame to meet at most one new join."""
_ENDLESS = 1 << 62
_MILD = frozenset((Mishap.REPEATED, Mishap.BROKEN_PAYLOAD, Mishap.EMPTY, Mishap.NONE))
"""What may happen to the first and the last frame of a session: they are heard, so the observer knows its bounds."""
_TO_SECOND_SEGMENTS = frozenset((Mishap.LOST, Mishap.BROKEN_ENVELOPE, Mishap.REPEATED, Mishap.NONE))
"""What may happen to a second segment. First ones are always heard in time: two payloads, one without its end and one
without its beginning, could be taken for one."""


class SimulatedCity:
    """Enter it, then take its messages; whoever takes them sets the pace.

    The truth goes to ``truth``, else to the file the settings name, else nowhere.
    """

    def __init__(self, settings: SimulatedCitySettings, clock: Clock, truth: Truth | None = None) -> None:
        """Build the city.

        Raises:
            InvalidValue: the settings contradict themselves.
        """
        settings.check()
        self._settings = settings
        self._clock = clock
        self._truth = truth or (TruthFile(Path(settings.truth_file)) if settings.truth_file else None)
        self._random = Random(settings.seed)
        self._mishaps = Mishaps(settings, self._random)
        self._turns = Turns(settings)
        self._network = Network(Envelopes(settings.tenant), self._turns, self._random, self._truth)
        self._passed_ns = 0
        self._messages = self._run()
        self._told = False
        self.sent = 0
        """Frames the devices have sent so far, lost ones included, repeats not."""

    def __enter__(self) -> Self:
        """Open the truth file, if there is one.

        Raises:
            Unavailable: it cannot be written.
        """
        if self._truth is not None:
            self._truth.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Tell what is true of the devices up to here, and close the truth."""
        self._tell_devices()
        if self._truth is not None:
            self._truth.close()

    def messages(self) -> Iterator[Message]:
        """Return topics and bodies in the order of their publication; once over, a second call goes on."""
        return self._messages

    def pass_time(self, ns: int) -> None:
        """Let the city's time go on by ``ns`` without a message."""
        self._passed_ns += ns

    def _run(self) -> Iterator[Message]:
        start_ns = self._settings.start_ns or self._start_ns()
        uplinks = self._settings.uplinks
        for number in range(uplinks) if uplinks else count():
            turn = self._turns[number]
            device = turn.device
            jitter_ns = int(self._random.random() * _JITTER_NS)
            network_ns = start_ns + self._passed_ns + number * self._turns.step_ns + jitter_ns
            if device.frames_left == 0:
                dev_addr = self._begin_session(device, start_ns)
                device.opened_ns = device.opened_ns or network_ns
                yield self._network.join(device, dev_addr, network_ns - _JOIN_BEFORE_NS)
            last = device.frames_left == 1 or 0 < uplinks <= number + turn.until_next
            frame, mishap = self._frame(device, network_ns, opens=turn.opens and not last, last=last)
            message = self._network.carry(device, frame, network_ns, mishap, number)
            device.f_cnt += 1
            device.frames_left -= 1
            self.sent += 1
            if message is not None:
                yield message
            yield from self._network.due(number)
        yield from self._network.rest()
        self._tell_devices()

    def _start_ns(self) -> int:
        """Return now; a bounded city without a pace begins so long before that it ends now, not in the future."""
        now_ns = self._clock.now_us() * 1_000
        if self._settings.rate:
            return now_ns
        return max(EARLIEST_NS, now_ns - self._settings.uplinks * self._turns.step_ns)

    def _frame(self, device: CityDevice, network_ns: int, *, opens: bool, last: bool) -> tuple[Frame, Mishap]:
        """Return what the device sends at its turn, and what happens to it."""
        mishap = self._mishaps.next()
        if (last or device.f_cnt == 0) and mishap not in _MILD:
            mishap = Mishap.NONE
        if device.pending is not None:
            mishap = mishap if mishap in _TO_SECOND_SEGMENTS else Mishap.NONE
        elif mishap is Mishap.EMPTY:
            return MAC_ONLY, mishap
        elif mishap is Mishap.BROKEN_PAYLOAD:
            return broken_payload(device.fleet.name), mishap
        frame = HABITS[device.fleet.name](device, network_ns, opens)
        if device.pending is not None and mishap is not Mishap.REPEATED:
            mishap = Mishap.NONE
        return frame, mishap

    def _begin_session(self, device: CityDevice, start_ns: int) -> str:
        """Give the device new keys, other than at any earlier start of the same city; return its new DevAddr."""
        number = len(device.sessions)
        name = f"{self._settings.seed} {start_ns} {device.dev_eui} {number}"
        key = blake2b(name.encode(), digest_size=16).digest()
        device.sessions.append(SessionTruth(b64encode(key).decode()))
        device.f_cnt = 0
        ends = self._random.random() < self._settings.rejoins
        device.frames_left = self._random.randint(*_SHORT_SESSION) if ends else _ENDLESS
        return f"26{key[:3].hex().upper()}"

    def _tell_devices(self) -> None:
        if self._told or self._truth is None:
            return
        self._told = True
        for device in self._turns.devices:
            if device.sessions:
                self._truth.tell(
                    of_device(
                        device.dev_eui,
                        device.fleet.name,
                        device.device_id,
                        device.fleet.application_id,
                        device.sessions,
                    )
                )
