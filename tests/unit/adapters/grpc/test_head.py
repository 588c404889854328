"""The head of a stream: sent once, whole, and before anything else."""

import asyncio
import gc
import logging
from typing import cast

import pytest
from grpc.aio import InternalError

from adapters.grpc.interceptors.context import Context
from adapters.grpc.interceptors.head import Head


class _Connection:
    """Takes a while for a head, and breaks if that is said."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error
        self.may_go = asyncio.Event()
        self.heads = 0

    async def send_initial_metadata(self, metadata: object) -> None:
        await self.may_go.wait()
        if self._error is not None:
            raise self._error
        self.heads += 1


def head_of(connection: _Connection) -> Head:
    """Return the head of a call on ``connection``."""
    return Head(cast("Context", connection))


async def cut_off(head: Head) -> None:
    """Begin to send ``head``, and let the sender be cut off meanwhile."""
    sender = asyncio.create_task(head.send())
    await asyncio.sleep(0)
    sender.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sender


async def test_it_is_sent_once() -> None:
    connection = _Connection()
    connection.may_go.set()
    head = head_of(connection)
    await head.send()
    await head.send()
    assert connection.heads == 1


async def test_it_goes_out_though_its_sender_was_cut_off() -> None:
    connection = _Connection()
    head = head_of(connection)
    await cut_off(head)
    connection.may_go.set()
    await head.settled()
    assert connection.heads == 1


async def test_one_that_was_never_sent_keeps_nobody_waiting() -> None:
    await head_of(_Connection()).settled()


async def test_a_connection_that_breaks_after_the_sender_was_cut_off_is_nothing_to_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    connection = _Connection(InternalError("gone"))
    head = head_of(connection)
    await cut_off(head)
    connection.may_go.set()
    await head.settled()
    del head
    gc.collect()
    assert [record for record in caplog.records if record.levelno >= logging.INFO] == []


def test_a_process_that_ends_while_a_head_is_on_its_way_has_nothing_to_log(caplog: pytest.LogCaptureFixture) -> None:
    async def left_on_its_way() -> None:
        await cut_off(head_of(_Connection()))

    asyncio.run(left_on_its_way())
    assert caplog.records == []
