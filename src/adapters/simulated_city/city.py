"""The city itself: its devices take turns, a frame a turn, and some frames go wrong."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.fate import fate_of
from adapters.simulated_city.frame import MAC_ONLY, Frame
from adapters.simulated_city.gateways import Gateways
from adapters.simulated_city.habits import HABITS, is_silent
from adapters.simulated_city.life import Life
from adapters.simulated_city.mishap import Mishap, Mishaps
from adapters.simulated_city.network import Hearing, Network
from adapters.simulated_city.network_servers import NETWORK_SERVERS
from adapters.simulated_city.network_servers.network_server import Message
from adapters.simulated_city.poison import broken_payload
from adapters.simulated_city.settings import EARLIEST_NS, SimulatedCitySettings
from adapters.simulated_city.truth import Truth, of_device
from adapters.simulated_city.truth_file import TruthFile
from adapters.simulated_city.turns import Turn, Turns
from application.ports.clock import Clock

_JITTER_NS = 900_000_000
"""Devices keep no exact time; less than the least time between their turns, so their frames stay in order."""
_ASKED_EVERY, _ASKED_AT = 24, 11
"""A network server asks a device how it is once in so many frames."""
_ANSWERED_NS = 1_000_000
"""The answer comes with a frame, and is handed on a moment later."""
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
        self._gateways = Gateways(settings)
        servers = [NETWORK_SERVERS[name](settings.tenant) for name in settings.network_servers]
        self._network = Network(servers, self._turns, self._random, self._truth)
        for device in self._turns.devices:
            device.fate = fate_of(device.fleet.name, device.traits, settings)
            device.home = device.network = device.index % len(servers)
        self._passed_ns = 0
        self._steps = self._run()
        self._told = False
        self.sent = 0
        """Frames the devices have sent so far, lost ones included, repeats not."""
        self.turned = 0
        """Turns so far; a device may be silent at its turn."""

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
        """Yield topics and bodies in the order of their publication; once over, a second call goes on."""
        return (message for message in self._steps if message is not None)

    def steps(self) -> Iterator[Message | None]:
        """Return the messages, and None for each turn that brings none: for whoever keeps pace by ``turned``."""
        return self._steps

    def pass_time(self, ns: int) -> None:
        """Let the city's time go on by ``ns`` without a message."""
        self._passed_ns += ns

    def _run(self) -> Iterator[Message | None]:
        start_ns = self._settings.start_ns or self._start_ns()
        life = Life(self._settings, start_ns, self._network, self._random, self._truth)
        uplinks = self._settings.uplinks
        for number in count():
            if 0 < uplinks <= self.sent:
                break
            turn = self._turns[number]
            jitter_ns = int(self._random.random() * _JITTER_NS)
            network_ns = start_ns + self._passed_ns + number * self._turns.step_ns + jitter_ns
            yield from life.dusk(self._turns.devices, network_ns)
            yield from self._turn(turn, network_ns, life, number)
            yield from self._network.due(number)
        yield from self._network.rest()
        self._tell_devices()
        if self._truth is not None:  # whoever waits for the end of the run can read it now
            self._truth.close()

    def _turn(self, turn: Turn, network_ns: int, life: Life, number: int) -> Iterator[Message | None]:
        """Yield what a device says at its turn."""
        device = turn.device
        gateways = self._hearing(device, network_ns)
        if is_silent(device, network_ns) or (not gateways and not device.sessions):
            self.turned = number + 1
            yield None
            return
        if gateways:
            yield from life.befall(device, network_ns)
        last = life.ends_soon(device) or 0 < self._settings.uplinks <= self.sent + turn.until_next
        opens = turn.opens and not last and bool(gateways) and self._network.takes(device)
        frame, mishap = self._frame(device, network_ns, opens=opens, last=last)
        if not gateways:
            mishap = Mishap.LOST
        message = self._network.carry(device, frame, Hearing(network_ns, gateways), mishap, number)
        asked = message is not None and device.f_cnt % _ASKED_EVERY == _ASKED_AT
        device.f_cnt += 1
        device.frames_left -= 1
        device.sent += 1
        self.sent += 1
        self.turned = number + 1
        yield message
        if asked:
            yield self._network.health(device, network_ns + _ANSWERED_NS)

    def _hearing(self, device: CityDevice, network_ns: int) -> tuple[int, ...]:
        if self._truth is not None:
            for outage in self._gateways.outages(network_ns):
                self._truth.tell(outage)
        return self._gateways.hearing(device, network_ns)

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
