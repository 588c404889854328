"""A server that never comes to an end is left."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from adapters.ttn_storage.settings import StorageSettings
from adapters.ttn_storage.uplink_storage import TtnUplinkStorage
from application.errors import Unavailable
from tests.contract.uplink_storage import APPLICATION, NOON_US
from tests.support.clock import FakeClock
from tests.unit.adapters.ttn_storage.asking import HOUR, Names, S, published


@asynccontextmanager
async def answering(begin: bytes, again: bytes = b"") -> AsyncIterator[TtnUplinkStorage]:
    """Open a client of a server that answers everything with ``begin``, and then ``again`` and again."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(begin)
                while again:
                    await writer.drain()
                    await asyncio.sleep(0.01)
                    writer.write(again)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.append(asyncio.create_task(serve(reader, writer)))

    serving: list[asyncio.Task[None]] = []
    async with await asyncio.start_server(accept, "127.0.0.1", 0) as server:
        settings = StorageSettings(
            url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}",
            source="swu",
            applications=(f"{APPLICATION}@ulm",),
            types=("uplink_message",),
            page=100,
            answer_s=0.5,
            attempts=2,
            first_pause_s=0.001,
        )
        async with TtnUplinkStorage(settings, FakeClock(), Names()) as storage:
            yield storage
        await asyncio.wait(serving)


async def all_of(storage: TtnUplinkStorage, most_requests: int) -> None:
    """Have everything told."""
    async for _ in storage.stored(HOUR):
        assert storage.requests < most_requests


async def test_a_token_that_leads_in_a_circle_is_not_followed_for_ever() -> None:
    page = b"".join(b'{"result": %s}\n\n' % published("spot-1", f_cnt, NOON_US + f_cnt * S) for f_cnt in range(100))
    head = b"HTTP/1.1 200 OK\r\nX-Continuation-Token: round\r\nContent-Length: %d\r\n\r\n" % len(page)
    async with answering(head + page) as storage:
        with pytest.raises(Unavailable, match="does not tell them apart"):
            await all_of(storage, most_requests=100)


async def test_an_answer_of_nothing_but_signs_of_life_comes_to_its_end() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with answering(head, again=b"8\r\n: alive\n\r\n") as storage:
        with pytest.raises(Unavailable, match="end of its answer"):
            await all_of(storage, most_requests=2)
