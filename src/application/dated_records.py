"""Master data with versions: all versions of one thing, and all things of a kind one after the other."""

from collections.abc import AsyncIterator, Sequence

from application.errors import NotFound
from application.ports.master_data import MasterData, R

_PAGE = 1_000
_AFTER_SLASH = "0"
"""The character after ``/``: what is greater than all keys of a thing and smaller than all that follow."""


async def found(records: MasterData, kind: type[R], key: str) -> R | None:
    """Return one record, or None where there is none."""
    try:
        return await records.get(kind, key)
    except NotFound:
        return None


async def whole(records: MasterData, kind: type[R], prefix: str = "", after: str = "") -> AsyncIterator[R]:
    """Yield the records of a kind by key."""
    while page := await records.page(kind, size=_PAGE, after=after, prefix=prefix):
        for record in page:
            yield record
        if len(page) < _PAGE:
            return
        after = page[-1].key


async def versions(records: MasterData, kind: type[R], name: str) -> Sequence[R]:
    """Return all versions of the thing called ``name``."""
    return [each async for each in whole(records, kind, prefix=f"{name}/")]


async def things(records: MasterData, kind: type[R], after: str = "") -> AsyncIterator[tuple[str, Sequence[R]]]:
    """Yield each thing of a kind beyond the one called ``after``, by name, with all its versions."""
    name, known = "", list[R]()
    async for record in whole(records, kind, after=after + _AFTER_SLASH if after else ""):
        of, _, _ = record.key.rpartition("/")
        if known and of != name:
            yield name, known
            known = []
        name = of
        known.append(record)
    if known:
        yield name, known
