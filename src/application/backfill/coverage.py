"""Up to when a source's messages reached us; every time without a connection becomes a window to be asked for."""

import asyncio

from msgspec import Struct

from application.ports.backfill_book import BackfillBook, Coverage, Reason, Window
from application.ports.clock import Clock
from application.ports.uplink_source import BrokerSource, Delivery
from application.stopping import stopped_within

_LOOK_S = 1.0
_NOTED_US = 10_000_000
"""How much is fetched again after a kill: ten seconds."""
_SET_BACK_US = 3_600_000_000
"""How far a clock is set back at most; one that was years ahead tells nothing."""


class Watching(Struct, frozen=True):
    """Of which source, as which of its bridges."""

    source: str
    instance: str
    overlap_us: int


class WatchedSource:
    """Passes a source through, and remembers the receipt of the last message that is durable.

    A hole begins with that receipt when a connection ends (or with the last remembered one when we start) and ends once
    there is a connection again. The window for it is durable before anything that came after it counts as covered: a
    kill in between makes the next window larger, never smaller.
    """

    def __init__(self, source: BrokerSource, book: BackfillBook, clock: Clock, watching: Watching) -> None:
        self._source = source
        self._book = book
        self._clock = clock
        self._watching = watching
        self._looking = asyncio.Lock()
        self._stopped = asyncio.Event()
        self._through_us = 0
        self._noted_us = 0
        self._written_us = 0
        self._losses = 0
        self._hole_us: int | None = 0
        """Where the hole begins whose end is not known; 0: nothing is known of the time before; None: there is none."""
        self._reason: Reason = "start"

    async def begin(self) -> None:
        """Remember up to when any bridge to the source had covered it.

        Raises:
            Unavailable: the book cannot be read.
        """
        covered = await self._covered()
        self._hole_us = self._through_us = max((each.through_us for each in covered), default=0)
        ours = [each.written_us for each in covered if each.instance == self._watching.instance]
        self._written_us = max(ours, default=0)

    async def receive(self) -> Delivery | None:
        """Return what the source gives, as ``UplinkSource.receive``."""
        return await self._source.receive()

    def stop(self) -> None:
        """As ``UplinkSource.stop``."""
        self._source.stop()
        self._stopped.set()

    def end(self) -> None:
        """End ``run`` alone."""
        self._stopped.set()

    async def acknowledge(self, delivery: Delivery) -> None:
        """As ``UplinkSource.acknowledge``; ``delivery`` is durable, and so covered.

        Raises:
            Unavailable: a window cannot be remembered.
        """
        await self._source.acknowledge(delivery)
        await self._look()
        # While a hole has no end yet, what comes may be from behind it already.
        if self._hole_us is None:
            self._through_us = delivery.uplinks[-1].received_us

    async def run(self) -> None:
        """Look after connections and remember what is covered, until ``stop``.

        Raises:
            Unavailable: it cannot be remembered.
        """
        while not self._stopped.is_set():
            await stopped_within(self._stopped, _LOOK_S)
            await self._look()
            if abs(self._through_us - self._noted_us) >= _NOTED_US:
                await self._note()
        await self._note()

    async def _look(self) -> None:
        """Open a window, if a hole has come to its end."""
        if self._source.losses == self._losses and self._hole_us is None:
            return
        async with self._looking:
            if self._source.losses != self._losses:
                self._losses = self._source.losses
                if self._hole_us is None:
                    self._hole_us, self._reason = self._through_us, "reconnect"
            if self._hole_us is not None and self._source.connected:
                await self._open(self._hole_us or await self._covered_meanwhile_us())
                self._hole_us = None
                # Nothing is known of the time before; from now on what does not come is missed.
                self._through_us = self._through_us or self._clock.now_us()

    async def _covered(self) -> list[Coverage]:
        entries = await self._book.entries()
        return [each for each in entries if isinstance(each, Coverage) and each.source == self._watching.source]

    async def _covered_meanwhile_us(self) -> int:
        """Return up to when another bridge has covered the source since we began; 0: none has."""
        return max((each.through_us for each in await self._covered()), default=0)

    async def _open(self, since_us: int) -> None:
        if not since_us:
            return
        now_us, watching = self._clock.now_us(), self._watching
        # A clock that was set back in between: the hole lies before either time, or between them.
        begin_us, end_us = min(since_us, now_us), max(now_us, min(since_us, now_us + _SET_BACK_US))
        window = Window(
            watching.source, begin_us - watching.overlap_us, end_us + watching.overlap_us, self._reason, now_us
        )
        await self._book.put([window])

    async def _note(self) -> None:
        through_us = self._through_us
        if through_us != self._noted_us:
            watching, self._written_us = self._watching, max(self._clock.now_us(), self._written_us + 1)
            await self._book.put([Coverage(watching.source, watching.instance, through_us, self._written_us)])
            self._noted_us = through_us


class CoverageWatch:
    """Lets a watched source look after its connections for as long as somebody else runs it."""

    def __init__(self, watched: WatchedSource) -> None:
        self._watched = watched

    async def run(self, stop: asyncio.Event) -> None:
        """Look until the source or ``stop`` says that it is over.

        Raises:
            Unavailable: what is covered cannot be remembered.
        """
        looking, stopping = asyncio.create_task(self._watched.run()), asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({looking, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            self._watched.end()
            await looking
