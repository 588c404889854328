"""How a broker is called again: patiently at first, rarely later, and not for ever."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from secrets import SystemRandom

from adapters.mqtt.connection import Connection
from adapters.mqtt.refusals import Unreachable, of_duplicate, of_violations
from adapters.mqtt.settings import BrokerSettings
from application.errors import Refused, Unavailable

_log = logging.getLogger(__name__)
_chance = SystemRandom()

_SUSPICIOUS, _PROVEN = 2, 5
"""Connections in a row that the broker made at once and ended soon. With the doubled pauses of 1 to 16 s five take half
a minute: a broker that restarts that often is not reached at every first attempt, two clients of one id always are."""


class Dialling:
    """Makes one connection after the other, with pauses that grow until a connection lasts."""

    def __init__(self, broker: BrokerSettings, connect: Callable[[], Awaitable[Connection]]) -> None:
        self._broker = broker
        self._connect = connect
        self._attempts = 0
        """Since a connection lasted."""
        self._taken = 0
        """Connections in a row that somebody else may have taken from us."""
        self._foreign = 0
        """Connections in a row that we ended because of what came."""
        self._accepted = False
        self._lost_at = asyncio.get_running_loop().time()
        self._made_at = 0.0
        self.connections = 0
        """How many were made."""
        self.trouble = ""
        """Why there is none now; empty: there is one, or none was tried yet."""

    async def connection(self) -> Connection:
        """Return a new connection, open.

        Raises:
            Refused: the broker will not have us; once it had us, it is asked again for a while.
            Unavailable: there was no connection for the whole budget.
        """
        while True:
            await self._pause()
            try:
                made = await self._connect()
            except Unreachable as error:
                self._failed(error.why)
            except Refused as error:
                if not self._accepted or self._spent:
                    raise
                self._failed(error.message)
            else:
                self._accepted = True
                self.trouble = ""
                self.connections += 1
                self._made_at = asyncio.get_running_loop().time()
                return made

    def ended(self, connection: Connection) -> None:
        """Take note that ``connection``, the last one, is over.

        Raises:
            Refused: another client of the same id takes every connection from us.
            Unavailable: on every connection comes what is not MQTT 3.1.1, or too long.
        """
        self._lost_at = asyncio.get_running_loop().time()
        lasted = self._lost_at - self._made_at >= self._broker.longest_pause_s
        if lasted:
            self._attempts = self._taken = self._foreign = 0
        if connection.violation:
            self._note_foreign(connection.violation)
        elif connection.ended.result() and not lasted:
            self._note_taken()
        self.trouble = f"{self._broker.address}: connection lost"
        _log.warning("%s", self.trouble)

    @property
    def _spent(self) -> bool:
        return asyncio.get_running_loop().time() - self._lost_at >= self._broker.unreachable_budget_s

    async def _pause(self) -> None:
        if self.connections or self._attempts:
            longest = min(self._broker.longest_pause_s, self._broker.first_pause_s * 2**self._attempts)
            self._attempts += 1
            await asyncio.sleep(longest * _chance.uniform(0.5, 1.0))

    def _failed(self, why: str) -> None:
        broker = self._broker
        self._attempts = max(1, self._attempts)
        self._taken = 0
        if self._spent:
            message = f"{broker.address} was out of reach for {broker.unreachable_budget_s:g} s: {why}"
            raise Unavailable(f"{message}; correct host and port, or start the broker", broker=broker.address)
        self.trouble = f"{broker.address} cannot be reached: {why}"
        _log.warning("%s; trying again", self.trouble)

    def _note_foreign(self, why: str) -> None:
        _log.warning("%s: we ended the connection, because of what came: %s", self._broker.address, why)
        self._foreign += 1
        if self._foreign >= _PROVEN:
            raise of_violations(self._broker, why, self._foreign)

    def _note_taken(self) -> None:
        self._taken += 1
        if self._taken >= _PROVEN:
            raise of_duplicate(self._broker, self._taken)
        if self._taken >= _SUSPICIOUS:
            text = "%s ended our connection again, soon after it was made: does another process use client_id %r?"
            _log.warning(text, self._broker.address, self._broker.client_id)
