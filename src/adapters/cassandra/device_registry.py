"""The registry of devices in Cassandra: shards by hash, merged into one list in DevEUI order."""

from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from typing import cast

import msgspec

from adapters.cassandra.rows import Row, bigint, integer, valued
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.shards import merged, shard_of
from adapters.cassandra.statements import Cql
from application.errors import NotFound, WrongShape
from domain.device import Device
from domain.identifiers import DevEui

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(Device).decode


class CassandraDeviceRegistry:
    """The write time decides; of two versions with one write time the one whose JSON compares greater stays."""

    def __init__(self, session: CassandraSession) -> None:
        self._session = session

    async def register(self, devices: Sequence[Device]) -> None:
        rows = [row for device in devices for row in _rows(device)]
        await self._session.write(rows)

    async def get(self, device: DevEui) -> Device:
        found = await self._named(shard_of(device), [device])
        if not found:
            raise NotFound(f"device {device} is not registered", dev_eui=device)
        return found[0]

    async def page(self, *, size: int, after: str = "", device_type: str = "") -> Sequence[Device]:
        some = partial(self._some, device_type)
        return await merged(some, attrgetter("dev_eui"), size=size, after=after)

    async def _some(self, device_type: str, shard: int, after: str, most: int) -> tuple[list[str], list[Device]]:
        """Return the first names of a shard beyond ``after``, and those of them that are what is asked for."""
        if not device_type:
            rows = await self._session.read(Cql.READ_DEVICES_AFTER, shard, after, most)
            return [str(name) for name, _ in rows], _devices(rows)
        rows = await self._session.read(Cql.READ_DEVICES_OF_TYPE_AFTER, device_type, shard, after, most)
        names = [str(name) for (name,) in rows]
        devices = await self._named(shard, names) if names else []
        return names, [device for device in devices if device.device_type == device_type]

    async def _named(self, shard: int, names: Sequence[str]) -> list[Device]:
        return _devices(await self._session.read(Cql.READ_DEVICES, shard, names))


def _rows(device: Device) -> list[Row]:
    """Return the device, and its entry in the list of its type; an older type keeps an entry that is passed over."""
    name, shard = device.dev_eui.encode(), integer(shard_of(device.dev_eui))
    rows = [Row(Cql.WRITE_DEVICE, shard, valued(bigint(device.written_us), _encode(device), shard, name))]
    if device.device_type:
        device_type = device.device_type.encode()
        rows.append(Row(Cql.WRITE_DEVICE_TYPE, shard + device_type, valued(device_type, shard, name)))
    return rows


def _devices(rows: Sequence[tuple[object, ...]]) -> list[Device]:
    return [_device(*row) for row in cast("Sequence[tuple[str, str]]", rows)]


def _device(name: str, master: str) -> Device:
    try:
        return _decode(master)
    except msgspec.DecodeError as error:
        message = f"device {name} cannot be read: {error}; was it written by a newer stadtfunk?"
        raise WrongShape(message, dev_eui=name) from error
