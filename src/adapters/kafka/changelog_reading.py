"""What a partition of the changelog says, read from its beginning to its end.

Of several records of a device the one with the greatest position in the uplink log counts, not the last one: a former
owner that was paused and does not know yet may have appended an older one.
"""

from collections.abc import Callable, Sequence

from adapters.device_memory.record import offset_of
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.log_record import LogRecord
from adapters.kafka.partition_reader import PartitionReader
from application.errors import Fenced


class ChangelogReading:
    """Takes records in their order."""

    def __init__(self) -> None:
        self.newest: dict[str, bytes] = {}
        """What counts, by DevEUI; nothing is decoded but its position."""
        self.remembered: int | None = None
        """The greatest position of all; None: there is no record."""
        self.stale: set[str] = set()
        """Devices whose last record is not the one that counts."""
        self.records = 0
        """How many were read."""
        self.end = 0
        """The position after the last of them."""

    def take(self, records: Sequence[LogRecord]) -> None:
        """Go on with ``records``.

        Raises:
            WrongShape: one is of a newer version, or nobody's.
        """
        self.records += len(records)
        for record in records:
            device, value = (record.key or b"").decode(), record.value
            if value is None:
                self.newest.pop(device, None)
                self.stale.discard(device)
                continue
            offset = offset_of(value)
            known = self.newest.get(device)
            if known is not None and offset < offset_of(known):
                self.stale.add(device)
                continue
            self.newest[device] = value
            self.stale.discard(device)
            self.remembered = offset if self.remembered is None else max(offset, self.remembered)


async def read_changelog(
    connection: KafkaConnection, topic: str, partition: int, is_ending: Callable[[], bool]
) -> ChangelogReading:
    """Return what ``partition`` of ``topic`` says.

    Raises:
        Fenced: it was taken away meanwhile, says ``is_ending``.
        WrongShape: a record is of a newer version, or nobody's.
        Unavailable, Refused: it cannot be read.
    """
    reading = ChangelogReading()
    async with PartitionReader(connection, topic, [partition]) as reader:
        begin, reading.end = (await reader.begins())[partition], (await reader.ends())[partition]
        async for records in reader.read(partition, begin, reading.end):
            if is_ending():
                raise Fenced(f"partition {partition} was taken away while it was restored", partition=str(partition))
            reading.take(records)
    return reading
