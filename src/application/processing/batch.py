"""What the pure step works on: messages that were read, with their place in the log."""

from collections.abc import Sequence

from msgspec import Struct

from application.ports.envelope_reader import EnvelopeReader
from application.ports.uplink_log import LoggedUplinks, RawUplink
from domain.radio import Message


class Batch(Struct):
    """Messages of one partition, oldest first: three columns of equal length."""

    partition: int
    offsets: Sequence[int]
    raws: Sequence[RawUplink]
    """The messages as they came, for the dead letters."""
    messages: Sequence[Message]


def read_batch(logged: LoggedUplinks, reader: EnvelopeReader) -> Batch:
    """Return ``logged`` with its envelopes read."""
    return Batch(logged.partition, logged.offsets, logged.uplinks, [reader.read(raw) for raw in logged.uplinks])
