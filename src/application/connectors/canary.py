"""The canary: a message of our own, sent round the outside, that must come in where all others do.

A connection may stand, its keepalive be answered and the state be RUNNING, while nothing comes any more: the broker
forgot the subscription, a proxy holds the connection, our own loop waits for something that never happens. At one
message an hour nobody sees the difference; a canary every minute does.

It takes the whole way: the far end's publishing, its routing to our subscription, the connection, our reading and the
loop of the connector, up to the end of the batch it came in. There it is counted as ``ignored: canary`` and dropped:
neither the log nor any account ever sees one.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from secrets import token_hex

from application.errors import Refused, Unavailable
from application.ports.canary_post import CanaryPost
from application.ports.clock import Clock
from application.ports.uplink_log import RawUplink
from application.stopping import stopped_within

_log = logging.getLogger(__name__)

_NONCE_BYTES = 6
"""As hexadecimal twelve digits; with the four of the number of its topic a text that base64 leaves as it is."""
_AGAIN = 6
"""So often a canary is sent within its deadline: one alone may fall between a lost connection and the next."""
_US_PER_S = 1_000_000


class Canary:
    """Sends canaries and waits for them; ``came`` is told of each that comes in."""

    def __init__(
        self,
        post: CanaryPost,
        clock: Clock,
        *,
        every_s: float,
        deadline_s: float,
        is_connected: Callable[[], bool] = lambda: True,
    ) -> None:
        """Take by whom canaries are sent, how often, how soon they must be back, and whether they can come in at all.

        Where there is no connection none is sent: the broker would take it, and nobody hangs for whom it has no way.
        """
        self._post = post
        self._clock = clock
        self.every_s = every_s
        self._deadline_s = deadline_s
        self._is_connected = is_connected
        self._nonces: list[str] = []
        self._missing: set[str] = set()
        self._news = asyncio.Event()
        self.sent_us = 0
        """When the last one was sent; 0: none was, as for all times here."""
        self.back_us = 0
        """When all ways were last found to be open: a canary came in by each, or an uplink did."""
        self.due_us = 0
        """When the one under way must be back; 0: none is under way."""
        self.trouble = ""
        """Why the last one could not be sent; empty: it could."""

    def came(self, message: RawUplink) -> None:
        """Take note of a canary; another process's says nothing about us."""
        self._found([each for each in self._missing if each.encode() in message.body])

    def passed(self, uplink: RawUplink) -> None:
        """Take note that an uplink came through: its way is open, even if a broker under load drops canaries."""
        if self._missing and (way := self._post.way_of(uplink.topic)) is not None:
            self._found([each for each in self._missing if each == self._nonces[way]])

    def _found(self, nonces: Sequence[str]) -> None:
        self._missing.difference_update(nonces)
        if not self._missing:
            self._news.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send one canary after the other until ``stop``.

        Raises:
            Unavailable: one was taken by the far end, again and again, and never came in: the connector hangs.
            Refused: the far end does not let us send any.
        """
        while not stop.is_set():
            await self._round()
            await stopped_within(stop, self.every_s)

    async def _round(self) -> None:
        """Send a canary until it is back, or its deadline is over."""
        nonce = token_hex(_NONCE_BYTES)
        self._nonces = [f"{nonce}{way:04x}" for way in range(self._post.ways)]
        self._missing = set(self._nonces)
        self.due_us = taken = 0
        for _ in range(_AGAIN):
            if not await self._sent():
                self.due_us = 0  # the far end is away: with it may be lost what it had taken
            else:
                taken += 1
                self.due_us = self.due_us or self._clock.now_us() + int(self._deadline_s * _US_PER_S)
            if await self._is_back(self._deadline_s / _AGAIN):
                self.back_us, self.due_us = self._clock.now_us(), 0
                return
        if taken == _AGAIN:
            raise Unavailable(
                f"a canary was taken by where our messages come from, {_AGAIN} times in {self._deadline_s:g} s, and"
                f" {len(self._missing)} of {self._post.ways} never came in: the connector hangs though it is connected;"
                " start it again"
            )
        self.due_us = 0
        _log.warning("of %d canaries %d could not be sent: %s", _AGAIN, _AGAIN - taken, self.trouble)

    async def _sent(self) -> bool:
        self._news.clear()
        if not self._is_connected():
            self.trouble = "there is no connection by which it could come in"
            return False
        try:
            async with asyncio.timeout(self._deadline_s / _AGAIN):
                await self._post.send(self._nonces)
        except TimeoutError:
            self.trouble = f"it was not taken within {self._deadline_s / _AGAIN:g} s"
            return False
        except Unavailable as error:
            self.trouble = error.message
            return False
        except Refused as error:
            raise Refused(f"canary: {error.message}", **error.attributes) from error
        self.sent_us, self.trouble = self._clock.now_us(), ""
        return True

    async def _is_back(self, wait_s: float) -> bool:
        if self._missing:
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._news.wait()
        return not self._missing
