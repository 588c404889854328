"""What the pure step works on: messages that were read, with their place in the log."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from application.ports.envelope_reader import EnvelopeReader
from application.ports.uplink_log import LoggedUplinks, RawUplink
from domain.decoding import Decoded, Undecodable
from domain.radio import Message

Scripted = Mapping[str, Decoded | Undecodable]
"""What scripts made of one payload, by the name of the codec."""
NOT_SCRIPTED: Scripted = {}


class Batch(Struct):
    """Messages of one partition, oldest first: three columns of equal length."""

    partition: int
    offsets: Sequence[int]
    raws: Sequence[RawUplink]
    """The messages as they came, for the dead letters."""
    messages: Sequence[Message]
    scripted: Mapping[int, Scripted] = {}
    """By offset, where scripts decode a device type: they run before the step, which only takes their results."""

    def parts(self, most: int) -> "Iterator[Batch]":
        """Yield the messages again, at most ``most`` at once."""
        for start in range(0, len(self.offsets), most):
            part = slice(start, start + most)
            yield Batch(self.partition, self.offsets[part], self.raws[part], self.messages[part], self.scripted)


def read_batch(logged: LoggedUplinks, reader: EnvelopeReader) -> Batch:
    """Return ``logged`` with its envelopes read."""
    return Batch(logged.partition, logged.offsets, logged.uplinks, [reader.read(raw) for raw in logged.uplinks])
