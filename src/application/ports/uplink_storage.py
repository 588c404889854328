"""A network server's own store of the messages it delivered: where a backfill looks for what never reached us."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from msgspec import Struct

from application.ports.uplink_log import RawUplink


class Asked(Struct, frozen=True):
    """What is asked for: messages that the network server handed out from ``since_us`` to before ``until_us``."""

    since_us: int
    until_us: int
    application_id: str = ""
    """Empty: all applications of the source."""
    device_id: str = ""
    """The network server's name of one device of that application; empty: all of them."""


class UplinkStorage(Protocol):
    """Promises: tests/contract/uplink_storage.py."""

    def stored(self, asked: Asked) -> AsyncIterator[Sequence[RawUplink]]:
        """Yield all that is stored, in pages of bounded size and in no order that matters; some may come twice.

        The next page is asked for when it is wanted. It ends without an error only if nothing is left to be told.

        Raises:
            Refused: the store will not have us as we are configured; the message names the setting.
            Unavailable: it does not answer, or breaks off; what was yielded is good, and all may be asked for again.
        """


class DeviceNames(Protocol):
    """Knows devices by the names that a network server gives them."""

    async def dev_eui(self, application_id: str, device_id: str) -> str:
        """Return the DevEUI of a device; empty: it was never heard.

        Raises:
            Unavailable: the registry does not answer.
        """
