"""Reading of a network server's messages."""

from typing import Protocol

from application.ports.uplink_log import RawUplink
from domain.identifiers import DevEui
from domain.radio import Message


class EnvelopeReader(Protocol):
    """Pure: no I/O, no clock; raises nothing for whatever bytes it is given.

    Promises: tests/contract/envelope_reader.py.
    """

    def dev_eui(self, raw: RawUplink) -> DevEui | None:
        """Return the device that ``raw`` speaks of by reading as little as possible; None: it cannot be told."""

    def read(self, raw: RawUplink) -> Message:
        """Return what ``raw`` says, in the one shape for all network servers."""
