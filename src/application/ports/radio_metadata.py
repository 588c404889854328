"""How uplinks reached the network: which gateways heard them, and how well."""

from collections.abc import Sequence
from typing import Protocol

from domain.identifiers import DevEui
from domain.radio import ConnectionInfo


class RadioMetadata(Protocol):
    """Keeps one record for each uplink: device, network time, source and counter. Kept for days, as settings say.

    Promises: tests/contract/radio_metadata.py.
    """

    async def write(self, connections: Sequence[ConnectionInfo]) -> None:
        """Store ``connections``; repeating a write changes nothing.

        Raises:
            Unavailable: not all could be stored; give all again.
        """

    async def of_device(
        self, device: DevEui, since_ns: int, until_ns: int, *, size: int = 1_000
    ) -> Sequence[ConnectionInfo]:
        """Return the newest up to ``size`` uplinks of a device heard in ``[since_ns, until_ns)``, newest first.

        Raises:
            Unavailable: the store does not answer.
        """
