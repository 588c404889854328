"""What processing remembers of a device, in the changelog: its partition is read whole, as a restore would."""

from collections.abc import Collection, Mapping

from adapters.device_memory.record import decode, offset_of, sources_of
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.partition_reader import PartitionReader
from adapters.kafka.partitioner import Partitioner
from adapters.kafka.topics import Topics
from application.errors import NotFound
from domain.device import DeviceMemory
from domain.identifiers import DevEui


class KafkaDeviceMemories:
    """For people who look at some devices; takes a second for 25,000 devices in a partition."""

    def __init__(self, connection: KafkaConnection, topics: Topics) -> None:
        self._connection = connection
        self._topic = topics.device_memory
        self._partitioner = Partitioner(topics.partitions)
        self._all = range(topics.partitions)

    async def get(self, device: DevEui) -> DeviceMemory:
        found = await self.some([device])
        if device not in found:
            raise NotFound(f"nothing is remembered of device {device}", dev_eui=device)
        return found[device]

    async def some(self, devices: Collection[DevEui]) -> Mapping[DevEui, DeviceMemory]:
        wanted = {device.encode(): device for device in devices}
        partitions = sorted({self._partitioner.of(device) for device in devices})
        if not partitions:
            return {}
        newest: dict[DevEui, tuple[int, bytes] | None] = {}
        async with PartitionReader(self._connection, self._topic, partitions) as reader:
            begins, ends = await reader.begins(), await reader.ends()
            for partition in partitions:
                async for records in reader.read(partition, begins[partition], ends[partition]):
                    for record in records:
                        if (device := wanted.get(record.key or b"")) is not None:
                            newest[device] = _newer(newest.get(device), record.value)
        return {device: decode(found[1]) for device, found in newest.items() if found is not None}

    async def heard_of(self, sources: Collection[str]) -> frozenset[str]:
        wanted, heard = frozenset(sources), frozenset[str]()
        async with PartitionReader(self._connection, self._topic, self._all) as reader:
            begins, ends = await reader.begins(), await reader.ends()
            for partition in self._all:
                async for records in reader.read(partition, begins[partition], ends[partition]):
                    heard |= wanted & {name for each in records if each.value for name in sources_of(each.value)}
                    if heard == wanted:
                        return heard
        return heard


def _newer(known: tuple[int, bytes] | None, value: bytes | None) -> tuple[int, bytes] | None:
    """Return the record with the greater position: the last one may be an old owner's. A tombstone forgets."""
    if value is None:
        return None
    offset = offset_of(value)
    return (offset, value) if known is None or known[0] <= offset else known
