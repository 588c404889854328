"""Master data read to its end."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from application.errors import NotFound
from application.ports.master_data import MasterData, R

_SIZE = 1_000


async def all_records(records: MasterData, kind: type[R], prefix: str = "") -> list[R]:
    """Return every record of ``kind`` whose key begins with ``prefix``.

    Raises:
        Unavailable: the store does not answer.
    """
    found: list[R] = []
    async for page in pages(records, kind, prefix):
        found += page
    return found


async def pages(records: MasterData, kind: type[R], prefix: str = "", size: int = _SIZE) -> AsyncIterator[Sequence[R]]:
    """Yield every record of ``kind`` whose key begins with ``prefix``, ``size`` at a time, by key."""
    after = ""
    while page := await records.page(kind, size=size, after=after, prefix=prefix):
        yield page
        await asyncio.sleep(0)  # a store in this process answers without letting anybody else run: 5 ms a page
        if len(page) < size:
            return
        after = page[-1].key


async def known(records: MasterData, kind: type[R], key: str) -> R | None:
    """Return a record, or None if there is none."""
    try:
        return await records.get(kind, key)
    except NotFound:
        return None
