"""What every uplink log promises."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple

import pytest

from application.errors import WrongShape
from application.ports.partition_assignment import PartitionAssignment
from application.ports.uplink_log import STORAGE, LoggedUplinks, RawUplink, UplinkLog
from tests.support.eventually import eventually, soon

NOON_US = 1_767_268_800_000_000
"""2026-01-01 12:00 UTC."""


class Replica(NamedTuple):
    """What reads a log: in Kafka both are one consumer."""

    log: UplinkLog
    assignment: PartitionAssignment


OpenReplica = Callable[[], AbstractAsyncContextManager[Replica]]


def message(number: int, device: int = 0, *, received_us: int | None = None, padding: int = 0) -> RawUplink:
    """Return a message of one of a few devices; ``number`` tells it from the others."""
    dev_eui = f"{0x70B3D57ED0000000 + device:016X}"
    filling = "x" * padding
    body = f'{{"end_device_ids":{{"dev_eui":"{dev_eui}"}},"number":{number},"filling":"{filling}"}}'
    received = NOON_US + number if received_us is None else received_us
    return RawUplink("swu", "tts", f"v3/app@ulm/devices/d{device}/up", body.encode(), received)


async def read(
    open_replica: OpenReplica, count: int, starts: Mapping[int, int] | None = None
) -> dict[int, list[LoggedUplinks]]:
    """Return, by partition, what a new replica reads from ``starts`` (default: the beginning) to ``count`` messages."""
    batches: dict[int, list[LoggedUplinks]] = {}

    async with open_replica() as (log, assignment):

        async def work(partition: int) -> None:
            async for batch in log.read(partition, (starts or {}).get(partition, 0)):
                batches.setdefault(partition, []).append(batch)
                if len(uplinks(batches)) >= count:
                    await assignment.stop()

        await soon(assignment.run(work))
    return batches


def uplinks(batches: Mapping[int, Sequence[LoggedUplinks]]) -> list[RawUplink]:
    """Return the messages of all partitions, one partition after the other."""
    return [uplink for partition in sorted(batches) for batch in batches[partition] for uplink in batch.uplinks]


async def replayed(log: UplinkLog, since_us: int, until_us: int) -> list[RawUplink]:
    """Return what ``log`` replays."""
    return [uplink async for batch in log.replay(since_us, until_us) for uplink in batch.uplinks]


class UplinkLogContract:
    """Subclass with the fixtures ``log`` (empty) and ``open_replica`` (opens a new reader of the same log)."""

    async def test_every_field_comes_back(self, log: UplinkLog, open_replica: OpenReplica) -> None:
        body = b'{"app_id":"app","hardware_serial":"\xff"}'
        v2 = RawUplink("ttn-old", "ttn-v2", "app/devices/ü/up", body, 1, True, STORAGE)
        await log.append([message(1), v2])
        read_back = uplinks(await read(open_replica, 2))
        assert sorted(read_back, key=lambda uplink: uplink.received_us) == [v2, message(1)]

    async def test_an_empty_batch_changes_nothing(self, log: UplinkLog, open_replica: OpenReplica) -> None:
        await log.append([])
        await log.append([message(1)])
        assert uplinks(await read(open_replica, 1)) == [message(1)]

    async def test_a_device_is_read_in_the_order_of_its_messages(
        self, log: UplinkLog, open_replica: OpenReplica
    ) -> None:
        for start in range(0, 30, 10):
            await log.append([message(number) for number in range(start, start + 10)])
        assert uplinks(await read(open_replica, 30)) == [message(number) for number in range(30)]

    async def test_no_message_of_many_devices_is_missing(self, log: UplinkLog, open_replica: OpenReplica) -> None:
        sent = [message(number, device=number % 17) for number in range(200)]
        await log.append(sent)
        read_back = uplinks(await read(open_replica, 200))
        assert sorted(read_back, key=lambda uplink: uplink.received_us) == sent

    async def test_offsets_grow_and_lead_to_the_rest(self, log: UplinkLog, open_replica: OpenReplica) -> None:
        await log.append([message(number) for number in range(10)])
        [(partition, batches)] = (await read(open_replica, 10)).items()
        offsets = [offset for batch in batches for offset in batch.offsets]
        assert offsets == sorted(set(offsets))
        assert {batch.partition for batch in batches} == {partition}
        await log.append([message(10), message(11)])
        rest = await read(open_replica, 5, {partition: offsets[6] + 1})
        assert uplinks(rest) == [message(number) for number in range(7, 12)]

    async def test_single_messages_are_found_by_their_places(self, log: UplinkLog, open_replica: OpenReplica) -> None:
        for start in range(0, 60, 20):
            await log.append([message(number, device=number % 5) for number in range(start, start + 20)])
        read_back = await read(open_replica, 60)
        at = {
            (batch.partition, offset): uplink
            for batches in read_back.values()
            for batch in batches
            for offset, uplink in zip(batch.offsets, batch.uplinks, strict=True)
        }
        wanted = [place for place, uplink in at.items() if uplink.received_us % 7 == 0]
        assert await log.some([*wanted, (0, 1_000_000), (99, 0)]) == {place: at[place] for place in wanted}
        assert await log.some([]) == {}

    async def test_the_position_after_the_last_message_waits_for_the_next(
        self, log: UplinkLog, open_replica: OpenReplica
    ) -> None:
        await log.append([message(1)])
        [(partition, batches)] = (await read(open_replica, 1)).items()
        waiting = asyncio.create_task(read(open_replica, 1, {partition: batches[-1].next_offset}))
        await log.append([message(2)])
        assert uplinks(await soon(waiting)) == [message(2)]

    async def test_reading_follows_what_is_appended(self, log: UplinkLog, open_replica: OpenReplica) -> None:
        seen: list[RawUplink] = []

        async def count() -> int:
            return len(seen)

        async with open_replica() as (read_side, assignment):

            async def work(partition: int) -> None:
                async for batch in read_side.read(partition, 0):
                    seen.extend(batch.uplinks)

            following = asyncio.create_task(assignment.run(work))
            for number in range(3):
                await log.append([message(number)])
                await eventually(count, number + 1)
            await assignment.stop()
            await soon(following)
        assert seen == [message(0), message(1), message(2)]

    async def test_a_second_reading_finds_the_same(self, log: UplinkLog, open_replica: OpenReplica) -> None:
        await log.append([message(number) for number in range(20)])
        assert await read(open_replica, 20) == await read(open_replica, 20)

    async def test_a_part_that_says_there_is_more_is_followed_by_more(
        self, log: UplinkLog, open_replica: OpenReplica
    ) -> None:
        await log.append([message(number) for number in range(200)])
        [batches] = (await read(open_replica, 200)).values()
        assert not batches[-1].more

    async def test_concurrent_appends_are_kept_whole(self, log: UplinkLog, open_replica: OpenReplica) -> None:
        streams = [[message(100 * device + number, device) for number in range(20)] for device in range(5)]
        await asyncio.gather(*[log.append(stream) for stream in streams])
        read_back = uplinks(await read(open_replica, 100))
        for stream in streams:
            assert [uplink for uplink in read_back if uplink in stream] == stream

    async def test_a_large_message_comes_back_whole(self, log: UplinkLog, open_replica: OpenReplica) -> None:
        large = message(1, padding=200_000)
        await log.append([large])
        assert uplinks(await read(open_replica, 1)) == [large]

    async def test_a_position_the_log_never_reached_is_an_error(
        self, log: UplinkLog, open_replica: OpenReplica
    ) -> None:
        await log.append([message(1)])
        async with open_replica() as (read_side, assignment):

            async def work(partition: int) -> None:
                async for _ in read_side.read(partition, 1_000_000):
                    await assignment.stop()

            with pytest.raises(WrongShape):
                await soon(assignment.run(work))

    async def test_a_replay_begins_with_its_first_instant_and_ends_before_its_last(self, log: UplinkLog) -> None:
        await log.append([message(number) for number in range(5)])
        assert await replayed(log, NOON_US + 1, NOON_US + 3) == [message(1), message(2)]

    async def test_a_replay_keeps_the_order_of_arrival(self, log: UplinkLog) -> None:
        for start in (0, 10, 20):
            await log.append([message(number) for number in range(start, start + 10)])
        assert await replayed(log, NOON_US, NOON_US + 100) == [message(number) for number in range(30)]

    async def test_a_replay_of_a_silent_time_is_empty(self, log: UplinkLog) -> None:
        await log.append([message(1)])
        assert await replayed(log, NOON_US + 10, NOON_US + 20) == []
        assert await replayed(log, NOON_US - 20, NOON_US - 10) == []

    async def test_an_empty_log_replays_nothing(self, log: UplinkLog) -> None:
        assert await replayed(log, 0, 2 * NOON_US) == []
