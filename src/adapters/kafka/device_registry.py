"""The registry of devices in its compacted topic: read whole, kept in memory, brought up to date at every question."""

from collections.abc import Sequence

import msgspec

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.log_record import DECODING_ERRORS
from adapters.kafka.partition_reader import PartitionReader
from adapters.kafka.partitioner import Partitioner
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.record_batch import Record
from adapters.kafka.topics import Topics
from application.errors import NotFound
from domain.device import Device
from domain.identifiers import DevEui

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Device)


class KafkaDeviceRegistry:
    """For those who ask seldom and must see all; the API asks the store of the sink."""

    def __init__(self, connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> None:
        self._connection = connection
        self._topics = topics
        self._producer = producer
        self._partitioner = Partitioner(topics.partitions)
        self._devices: dict[str, Device] = {}
        self._positions: dict[int, int] = {}

    async def register(self, devices: Sequence[Device]) -> None:
        by_partition: dict[int, list[Record]] = {}
        for device in devices:
            record: Record = (device.dev_eui.encode(), _ENCODER.encode(device), None, NO_HEADERS)
            by_partition.setdefault(self._partitioner.of(device.dev_eui), []).append(record)
        if by_partition:
            topic = self._topics.devices
            await self._producer.send(Lot(topic, partition, records) for partition, records in by_partition.items())

    async def get(self, device: DevEui) -> Device:
        await self._catch_up()
        known = self._devices.get(device)
        if known is None:
            raise NotFound(f"no device {device!r}", dev_eui=device)
        return known

    async def page(self, *, size: int, after: str = "", device_type: str = "") -> Sequence[Device]:
        await self._catch_up()
        chosen = sorted(
            dev_eui
            for dev_eui, device in self._devices.items()
            if dev_eui > after and (not device_type or device.device_type == device_type)
        )
        return [self._devices[dev_eui] for dev_eui in chosen[:size]]

    async def _catch_up(self) -> None:
        partitions = range(self._topics.partitions)
        async with PartitionReader(self._connection, self._topics.devices, partitions) as reader:
            begins, ends = await reader.begins(), await reader.ends()
            for partition in partitions:
                begin = max(begins[partition], self._positions.get(partition, 0))
                async for records in reader.read(partition, begin, ends[partition]):
                    for record in records:
                        self._take(record.key or b"", record.value)
                self._positions[partition] = ends[partition]

    def _take(self, key: bytes, value: bytes | None) -> None:
        """Take a version of a device over; of two the later written stays, and what somebody else wrote is none."""
        if value is None:
            self._devices.pop(key.decode(errors="replace"), None)
            return
        try:
            device = _DECODER.decode(value)
        except DECODING_ERRORS:
            return
        known = self._devices.get(device.dev_eui)
        if known is None or known.written_us <= device.written_us:
            self._devices[device.dev_eui] = device
