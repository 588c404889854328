"""The city as a source of uplinks, at the pace the settings ask for."""

import asyncio
from collections.abc import Iterator
from itertools import islice
from types import TracebackType
from typing import Self

from adapters.simulated_city.city import SimulatedCity
from adapters.simulated_city.network_servers import source_name, spoken_on
from adapters.simulated_city.network_servers.network_server import Message
from adapters.simulated_city.settings import SimulatedCitySettings
from adapters.simulated_city.truth import Truth
from application.ports.clock import Clock
from application.ports.uplink_log import RawUplink
from application.ports.uplink_source import Delivery
from application.stopping import stopped_within

_MOST = 500
"""Messages of a delivery: 0.8 MB, some 10 ms of the city's work."""
_PAUSE_S = 0.02
"""Deliveries of a paced city lie at least this far apart: 50 wake-ups a second, not one for each message."""
_PATIENCE_US = 60_000_000
"""When nobody asked for a minute (a machine that slept), the city did not speak meanwhile; and when the clock was set
back by more than that, it does not wait until it is as late again."""


class SimulatedCityUplinkSource:
    """Keeps no message, so it has nothing to give again: the first start is the truth, a second one a later day."""

    def __init__(self, settings: SimulatedCitySettings, clock: Clock, truth: Truth | None = None) -> None:
        """Build the city.

        Raises:
            InvalidValue: the settings contradict themselves.
        """
        self._city = SimulatedCity(settings, clock, truth)
        self._messages = self._city.messages()
        self._steps = self._city.steps()
        self._name = settings.name
        self._rate = settings.rate
        self._clock = clock
        self._began_us = clock.now_us()
        self._stopping = asyncio.Event()
        self._has_ended = False

    async def __aenter__(self) -> Self:
        """Let the pace begin; open the truth file, if there is one.

        Raises:
            Unavailable: it cannot be written.
        """
        self._city.__enter__()
        self._began_us = self._clock.now_us()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Tell what is true of the devices up to here, and close the truth."""
        self._city.__exit__(kind, error, trace)

    async def receive(self) -> Delivery | None:
        while True:
            due = await self._due()
            if self._stopping.is_set():
                return None
            messages = list(islice(self._until(due), _MOST)) if due else list(islice(self._messages, _MOST))
            if messages:
                now_us = self._clock.now_us()
                return Delivery([self._raw(topic, body, now_us) for topic, body in messages])
            if not due or self._has_ended:
                return None
            # All that was due was lost on the air: the city goes on.

    def _raw(self, topic: str, body: bytes, now_us: int) -> RawUplink:
        server = spoken_on(topic)
        return RawUplink(source_name(self._name, server), server, topic, body, now_us)

    def stop(self) -> None:
        self._stopping.set()

    async def acknowledge(self, delivery: Delivery) -> None:
        """Nothing to do: what was handed over is not kept."""

    async def _due(self) -> int:
        """Wait until a frame is due; return how many are by now, all in all; 0: the pace is not ours."""
        if not self._rate:
            await asyncio.sleep(0)  # others have their turn
            return 0
        missing = self._city.turned + 1 - self._by_now()
        await stopped_within(self._stopping, max(_PAUSE_S, missing / self._rate))
        return max(self._by_now(), self._city.turned + 1)

    def _by_now(self) -> int:
        now_us = self._clock.now_us()
        behind_us = now_us - self._began_us - int(self._city.turned * 1e6 / self._rate)
        if abs(behind_us) > _PATIENCE_US:
            self._began_us += behind_us
            self._city.pass_time(max(0, behind_us) * 1_000)
        return 1 + int((now_us - self._began_us) * self._rate / 1e6)

    def _until(self, due: int) -> Iterator[Message]:
        """Yield messages as long as fewer than ``due`` turns are over."""
        while self._city.turned < due:
            try:
                message = next(self._steps)
            except StopIteration:
                self._has_ended = True
                return
            if message is not None:
                yield message
