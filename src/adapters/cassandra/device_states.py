"""The states of devices in Cassandra: one cell for each device, written over again.

Many devices share a partition: its rows in a batch are one mutation of a node, with one entry in its commit log.
"""

from collections.abc import Sequence
from struct import Struct as Layout

import msgspec

from adapters.cassandra.rows import BIGINT, INT, Row
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.shards import shard_of
from adapters.cassandra.statements import Cql
from application.errors import NotFound, WrongShape
from domain.device import DeviceState
from domain.identifiers import DevEui

_HEAD = Layout(">iqi").pack
"""Write time, and what stands before the state."""
_KEY = Layout(">iii").pack
"""Shard, and what stands before the device."""
_SHARD = slice(4, 8)
"""Of the key."""

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(DeviceState).decode


class CassandraDeviceStates:
    """The write time decides; of two states with one write time the one whose JSON compares greater stays."""

    def __init__(self, session: CassandraSession) -> None:
        self._session = session

    async def write(self, states: Sequence[DeviceState]) -> None:
        newest: dict[DevEui, DeviceState] = {}
        for state in states:
            known = newest.get(state.dev_eui)
            if known is None or _outweighs(state, known):
                newest[state.dev_eui] = state
        await self._session.write(map(_row, newest.values()))

    async def get(self, device: DevEui) -> DeviceState:
        rows = await self._session.read(Cql.READ_STATE, shard_of(device), device)
        if not rows:
            raise NotFound(f"device {device} was never heard", dev_eui=device)
        try:
            return _decode(str(rows[0][0]))
        except msgspec.DecodeError as error:
            message = f"the state of {device} cannot be read: {error}; was it written by a newer stadtfunk?"
            raise WrongShape(message, dev_eui=device) from error


def _outweighs(state: DeviceState, other: DeviceState) -> bool:
    if state.written_us == other.written_us:
        return _encode(state) > _encode(other)
    return state.written_us > other.written_us


def _row(state: DeviceState) -> Row:
    text, device = _encode(state), state.dev_eui.encode()
    key = _KEY(INT, shard_of(state.dev_eui), len(device))
    body = b"".join((_HEAD(BIGINT, state.written_us, len(text)), text, key, device))  # as ``valued`` would, but faster
    return Row(Cql.WRITE_STATE, key[_SHARD], body)
