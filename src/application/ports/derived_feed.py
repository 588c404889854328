"""What processing derived, on its way to the stores: the input of the sink."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from application.ports.dead_letters import DeadLetter
from domain.device import Device, DeviceState
from domain.observation import Observation
from domain.radio import ConnectionInfo, LossDay

Place = Callable[[str], int | None]
"""Where a stretch of the log (``observations/3``) goes on, as known by a store that keeps it beside what it stores;
None: nothing of it is stored."""


class Derived(Struct, frozen=True):
    """One batch; what could not be read stands among the dead letters."""

    observations: Sequence[Observation] = ()
    states: Sequence[DeviceState] = ()
    devices: Sequence[Device] = ()
    unreadable: Sequence[DeadLetter] = ()
    token: object = None
    """What the feed needs to commit the batch."""
    losses: Sequence[LossDay] = ()
    connections: Sequence[ConnectionInfo] = ()
    """Radio metadata: only of a feed that was told to read them."""
    places: Mapping[str, int] = {}
    """Where each stretch of the log goes on after this batch (``observations/3`` → position): for a store that keeps
    it beside the results, so that what it stored never comes again."""

    @property
    def records(self) -> int:
        """How many records went into the batch."""
        parts = (self.observations, self.states, self.devices, self.unreadable, self.losses, self.connections)
        return sum(map(len, parts))


class DerivedFeed(Protocol):
    """Promises: tests/contract/derived_feed.py."""

    def read(self) -> AsyncIterator[Derived]:
        """Yield batches until ``stop``; what was not committed comes again after a restart.

        Raises:
            Unavailable: the feed cannot be read now.
        """

    async def commit(self, batch: Derived) -> None:
        """Remember that ``batch``, and all before it, is stored; the next may be read meanwhile.

        A partition taken away in the meantime is left to its new owner, who may store the same again.
        """

    async def stop(self) -> None:
        """End ``read`` after the batch in hand."""
