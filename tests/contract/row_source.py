"""What every source of rows promises; its rows are devices of the registry."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager

from application.ports.connector import BadRow, RowSource, SourceRow
from application.record_merge import Draft
from tests.support.eventually import soon

Cells = Mapping[str, str]
OpenSource = Callable[[], AbstractAsyncContextManager[RowSource]]
AddRows = Callable[[Sequence[Cells]], Awaitable[None]]
KEY = "00112233445566778899aabbccddeeff"


def dev_eui_of(number: int) -> str:
    """Return the DevEUI of a device by its number."""
    return f"70b3d5e75e{number:06x}"


def a_row(number: int, **cells: str) -> Cells:
    """Return a row about a device."""
    return {"dev_eui": dev_eui_of(number), "zone": f"zone-{number}", **cells}


async def looked(source: RowSource, *, acknowledge: bool = True) -> Sequence[SourceRow]:
    """Return the rows of one look: up to the first time that there is nothing new."""
    found: list[SourceRow] = []
    while (rows := await soon(source.receive())) is not None and (rows.rows or rows.token is not None):
        found += rows.rows
        if not acknowledge:
            break
        refused = {number: row.said for number, row in enumerate(rows.rows) if isinstance(row.said, BadRow)}
        await source.acknowledge(rows, refused)
    return found


def devices_of(rows: Sequence[SourceRow]) -> list[str]:
    """Return the devices that good rows are about, sorted."""
    return sorted(str(row.said.fields["dev_eui"]) for row in rows if isinstance(row.said, Draft))


class RowSourceContract:
    """Subclass with the fixtures ``open_source`` and ``add_rows``.

    ``open_source`` opens the source, each time as a new process of the same name would, on a place that is empty at
    first; it looks again after a few hundredths of a second. ``add_rows`` puts rows there.
    """

    async def test_rows_are_given_with_what_they_say_and_where_they_stand(
        self, open_source: OpenSource, add_rows: AddRows
    ) -> None:
        await add_rows([a_row(1), a_row(2)])
        async with open_source() as source:
            rows = await looked(source)
        assert devices_of(rows) == [dev_eui_of(1), dev_eui_of(2)]
        drafts = [row.said for row in rows if isinstance(row.said, Draft)]
        assert sorted(str(draft.fields["zone"]) for draft in drafts) == ["zone-1", "zone-2"]
        assert {draft.kind for draft in drafts} == {"device"}
        assert len({row.origin for row in rows}) == 2

    async def test_where_nothing_is_new_no_rows_are_given(self, open_source: OpenSource, add_rows: AddRows) -> None:
        async with open_source() as source:
            assert await looked(source) == []
            await add_rows([a_row(1)])
            assert devices_of(await looked(source)) == [dev_eui_of(1)]
            assert await looked(source) == []

    async def test_what_is_added_later_is_found_by_a_later_look(
        self, open_source: OpenSource, add_rows: AddRows
    ) -> None:
        await add_rows([a_row(1)])
        async with open_source() as source:
            assert devices_of(await looked(source)) == [dev_eui_of(1)]
            await add_rows([a_row(2)])
            assert devices_of(await looked(source)) == [dev_eui_of(2)]

    async def test_what_was_not_acknowledged_comes_again(self, open_source: OpenSource, add_rows: AddRows) -> None:
        await add_rows([a_row(number) for number in range(3)])
        async with open_source() as source:
            assert await looked(source, acknowledge=False)
        async with open_source() as source:
            assert devices_of(await looked(source)) == [dev_eui_of(number) for number in range(3)]

    async def test_a_bad_row_says_why_and_its_neighbours_go_on(
        self, open_source: OpenSource, add_rows: AddRows
    ) -> None:
        await add_rows([a_row(1), a_row(2, installed="yesterday"), a_row(3)])
        async with open_source() as source:
            rows = await looked(source)
        [bad] = [row.said for row in rows if isinstance(row.said, BadRow)]
        assert (bad.reason, bad.field, bad.value) == ("invalid_value", "installed", "yesterday")
        assert "expected" in bad.detail
        assert devices_of(rows) == [dev_eui_of(1), dev_eui_of(3)]

    async def test_no_row_shows_the_keys_of_a_device(self, open_source: OpenSource, add_rows: AddRows) -> None:
        await add_rows([a_row(1, **{"keys.app": KEY})])
        async with open_source() as source:
            [row] = await looked(source)
        assert isinstance(row.said, Draft)
        assert row.said.fields["keys"] == {"app": KEY}
        assert KEY not in f"{row} {row.body!r}"

    async def test_stop_ends_a_look_that_waits(self, open_source: OpenSource) -> None:
        async with open_source() as source:
            await looked(source)
            waiting = asyncio.create_task(source.receive())
            await asyncio.sleep(0)
            source.stop()
            assert await soon(waiting) is None

    async def test_stopped_it_gives_nothing(self, open_source: OpenSource, add_rows: AddRows) -> None:
        await add_rows([a_row(1)])
        async with open_source() as source:
            source.stop()
            assert await soon(source.receive()) is None
