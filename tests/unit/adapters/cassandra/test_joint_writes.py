"""Writes that begin at the same moment are one."""

import asyncio
from collections.abc import Iterable

import pytest

from adapters.cassandra.joint_writes import JointWrites
from adapters.cassandra.rows import Row, valued
from adapters.cassandra.statements import Cql
from application.errors import Unavailable


class Table:
    """Takes rows in as many writes as it is asked for, each once it may."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.written: list[list[bytes]] = []
        self.may_end = asyncio.Event()
        self._failure = failure

    async def write(self, rows: Iterable[Row]) -> None:
        """Take rows."""
        taken = [row.partition for row in rows]
        await self.may_end.wait()
        if self._failure:
            raise self._failure
        self.written.append(taken)


def a_row(name: bytes) -> Row:
    """Return a row of a partition."""
    return Row(Cql.WRITE_DAY, name, valued(name))


async def turns() -> None:
    """Let all tasks go on as far as they can."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_what_is_asked_for_at_once_is_written_at_once() -> None:
    table = Table()
    joint = JointWrites(table.write)
    table.may_end.set()
    await asyncio.gather(joint.write([a_row(b"a")]), joint.write([a_row(b"b"), a_row(b"c")]), joint.write([]))
    await joint.write([a_row(b"d")])
    assert table.written == [[b"a", b"b", b"c"], [b"d"]]


async def test_what_is_asked_for_while_others_are_written_does_not_wait_for_them() -> None:
    table = Table()
    joint = JointWrites(table.write)
    first = asyncio.create_task(joint.write([a_row(b"a")]))
    await turns()
    second = asyncio.create_task(joint.write([a_row(b"b")]))
    await turns()
    table.may_end.set()
    await asyncio.gather(first, second)
    assert sorted(table.written) == [[b"a"], [b"b"]]


async def test_all_hear_of_a_failure() -> None:
    table = Table(Unavailable("gone"))
    joint = JointWrites(table.write)
    table.may_end.set()
    outcomes = await asyncio.gather(joint.write([a_row(b"a")]), joint.write([a_row(b"b")]), return_exceptions=True)
    assert [type(each) for each in outcomes] == [Unavailable, Unavailable]


async def test_whoever_is_cancelled_takes_nothing_from_the_others() -> None:
    table = Table()
    joint = JointWrites(table.write)
    gone, stays = (asyncio.create_task(joint.write([a_row(name)])) for name in (b"a", b"b"))
    await turns()
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    table.may_end.set()
    await stays
    assert table.written == [[b"a", b"b"]]


async def test_what_was_given_up_before_it_began_takes_nobody_with_it() -> None:
    table = Table()
    joint = JointWrites(table.write)
    table.may_end.set()
    early = asyncio.create_task(joint.write([a_row(b"a")]))
    await asyncio.sleep(0)
    early.cancel()
    later = asyncio.create_task(joint.write([a_row(b"b")]))
    await asyncio.gather(early, later, return_exceptions=True)
    await joint.write([a_row(b"c")])
    assert table.written[-1] == [b"c"]
    assert [b"b"] in [names[-1:] for names in table.written]


async def test_what_nobody_waits_for_any_more_is_given_up() -> None:
    table = Table()
    joint = JointWrites(table.write)
    asked = [asyncio.create_task(joint.write([a_row(name)])) for name in (b"a", b"b")]
    await turns()
    for each in asked:
        each.cancel()
    assert [type(each) for each in await asyncio.gather(*asked, return_exceptions=True)] == [asyncio.CancelledError] * 2
    table.may_end.set()
    await turns()
    assert table.written == []
