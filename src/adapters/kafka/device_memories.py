"""What processing remembers of a device, in the changelog: its partition is read whole, as a restore would."""

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.memory_record import decode, offset_of
from adapters.kafka.partition_reader import PartitionReader
from adapters.kafka.partitioner import Partitioner
from adapters.kafka.topics import Topics
from application.errors import NotFound
from domain.device import DeviceMemory
from domain.identifiers import DevEui


class KafkaDeviceMemories:
    """For people who look at one device; takes a second for 25,000 devices in its partition."""

    def __init__(self, connection: KafkaConnection, topics: Topics) -> None:
        self._connection = connection
        self._topic = topics.device_memory
        self._partitioner = Partitioner(topics.partitions)

    async def get(self, device: DevEui) -> DeviceMemory:
        partition, key = self._partitioner.of(device), device.encode()
        newest: tuple[int, bytes] | None = None
        async with PartitionReader(self._connection, self._topic, [partition]) as reader:
            begin, end = (await reader.begins())[partition], (await reader.ends())[partition]
            async for records in reader.read(partition, begin, end):
                for record in records:
                    if record.key == key:
                        newest = _newer(newest, record.value)
        if newest is None:
            raise NotFound(f"nothing is remembered of device {device}", dev_eui=device)
        return decode(newest[1])


def _newer(known: tuple[int, bytes] | None, value: bytes | None) -> tuple[int, bytes] | None:
    """Return the record with the greater position: the last one may be an old owner's. A tombstone forgets."""
    if value is None:
        return None
    offset = offset_of(value)
    return (offset, value) if known is None or known[0] <= offset else known
