"""Where uplinks come from: a broker, a file, a simulated city."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from application.ports.uplink_log import RawUplink


class Delivery(Struct, frozen=True, gc=False):
    """Messages handed over together; acknowledged together, once they are durable."""

    uplinks: Sequence[RawUplink]
    token: object = None
    """What the source needs to acknowledge them."""


class UplinkSource(Protocol):
    """Promises: tests/contract/uplink_source.py."""

    async def receive(self) -> Delivery | None:
        """Wait for messages and return them, at least one; None: the source has come to its end.

        While nobody asks, the source holds back: its memory is bounded.

        Raises:
            Refused: the source will not have us (credentials, topic filter).
            Unavailable: it cannot be reached within its budget.
        """

    def stop(self) -> None:
        """Let no more arrive: ``receive`` gives what is here already, and then None."""

    async def acknowledge(self, delivery: Delivery) -> None:
        """Tell the source that ``delivery`` is durable.

        A source that can repeat gives again what was never acknowledged; an acknowledgement that comes after the
        connection it belongs to has ended does nothing.
        """


class BrokerSource(UplinkSource, Protocol):
    """A source that is a connection to a broker, which may be lost; at QoS 0 so is what the broker sends meanwhile."""

    @property
    def connected(self) -> bool:
        """Whether messages come now."""

    @property
    def losses(self) -> int:
        """How many connections have ended: counted before the next one brings anything."""
