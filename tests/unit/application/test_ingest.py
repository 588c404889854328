"""Ingest: durable first, acknowledged second, and never the other way round."""

import asyncio
from collections.abc import Sequence

import pytest

from adapters.memory.uplink_log import MemoryUplinkLog
from application.errors import Unavailable
from application.ingest import Ingest
from application.ports.uplink_log import RawUplink
from application.ports.uplink_source import Delivery
from tests.support.builders import a_raw_uplink
from tests.support.eventually import until


class ScriptedSource:
    """Hands over what it was given, then waits for ever or comes to its end."""

    def __init__(self, *deliveries: Delivery, ends: bool = True) -> None:
        self._deliveries = list(deliveries)
        self._stopped = asyncio.Event()
        if ends:
            self.stop()
        self.acknowledged: list[Delivery] = []

    async def receive(self) -> Delivery | None:
        if self._deliveries:
            return self._deliveries.pop(0)
        await self._stopped.wait()
        return None

    def stop(self) -> None:
        self._stopped.set()

    async def acknowledge(self, delivery: Delivery) -> None:
        self.acknowledged.append(delivery)


class BrokenLog(MemoryUplinkLog):
    """Cannot be written."""

    async def append(self, uplinks: Sequence[RawUplink]) -> None:
        raise Unavailable("disk full")


def a_delivery(*bodies: bytes) -> Delivery:
    return Delivery([a_raw_uplink(body) for body in bodies])


async def held(log: MemoryUplinkLog) -> list[bytes]:
    """Return the bodies in ``log``."""
    return [uplink.body async for batch in log.replay(0, 2**62) for uplink in batch.uplinks]


async def test_what_arrives_stands_in_the_log_in_order_and_is_acknowledged() -> None:
    first, second = a_delivery(b"1", b"2"), a_delivery(b"3")
    source, log = ScriptedSource(first, second), MemoryUplinkLog()
    ingest = Ingest(source, log)
    await ingest.run()
    assert await held(log) == [b"1", b"2", b"3"]
    assert source.acknowledged == [first, second]
    assert (ingest.counts.came_in, ingest.counts.out, ingest.counts.in_flight) == (3, 3, 0)


async def test_what_could_not_be_made_durable_is_not_acknowledged() -> None:
    source = ScriptedSource(a_delivery(b"1"))
    ingest = Ingest(source, BrokenLog())
    with pytest.raises(Unavailable):
        await ingest.run()
    assert source.acknowledged == []
    assert ingest.counts.in_flight == 1


async def test_told_to_stop_it_ends_although_the_source_goes_on() -> None:
    source, log = ScriptedSource(a_delivery(b"1"), ends=False), MemoryUplinkLog()
    ingest = Ingest(source, log)
    running = asyncio.create_task(ingest.run())
    await until(lambda: bool(source.acknowledged))
    ingest.stop()
    await running
    assert await held(log) == [b"1"]


async def test_the_failure_of_a_source_is_raised() -> None:
    class FailingSource(ScriptedSource):
        async def receive(self) -> Delivery | None:
            raise Unavailable("no broker")

    with pytest.raises(Unavailable):
        await Ingest(FailingSource(), MemoryUplinkLog()).run()
