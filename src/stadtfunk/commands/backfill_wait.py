"""Waiting until a window is fetched; who fetches is another process, and it may be that there is none."""

import asyncio
import sys
from collections.abc import Sequence

from msgspec import Struct

from application.errors import Unavailable, Unwell
from application.ports.backfill_book import BackfillBook, Coverage, Entry, Window

_LOOK_S = 0.5


class Patience(Struct, frozen=True):
    """How long nothing may be noted in the book, from when the window can be fetched on; seconds."""

    worker: str
    """The command that should be at work."""
    told_s: float = 60.0
    """After that it is said: backfill looks into its book every 5 s, and notes each hour that it has fetched."""
    ends_s: float | None = None
    """After that the waiting ends; None: never."""


async def fetched(book: BackfillBook, window: Window, ready_s: float, patience: Patience) -> Window:
    """Wait until all of ``window`` is fetched, which can begin in ``ready_s``; return what became of it.

    Raises:
        Unwell: a try came to nothing.
        Unavailable: nobody noted anything for as long as ``patience`` lasts.
    """
    loop = asyncio.get_running_loop()
    noted_us, since_s, is_told = 0, loop.time() + ready_s, False
    while True:
        entries = await book.entries()
        if (found := _over(entries, window)) is not None:
            return found
        if (newest_us := _newest_us(entries, window.source)) > noted_us:
            noted_us, since_s, is_told = newest_us, max(since_s, loop.time()), False
        silent_s = loop.time() - since_s
        if patience.ends_s is not None and silent_s >= patience.ends_s:
            raise Unavailable(f"{_silence(window, silent_s, patience)}; it stays asked for")
        if silent_s >= patience.told_s and not is_told:
            print(f"{_silence(window, silent_s, patience)}; waiting on", file=sys.stderr, flush=True)
            is_told = True
        await asyncio.sleep(_LOOK_S)


def _over(entries: Sequence[Entry], window: Window) -> Window | None:
    """Return ``window`` once it is fetched.

    Raises:
        Unwell: a try came to nothing.
    """
    for each in entries:
        if isinstance(each, Window) and each.key == window.key and each.written_us > window.written_us:
            if not each.is_open:
                return each
            if each.trouble:
                raise Unwell(f"not fetched yet, and tried again: {each.trouble}")
    return None


def _newest_us(entries: Sequence[Entry], source: str) -> int:
    """Return when backfill last noted anything of ``source``; how far its bridges are, they note themselves."""
    notes = (each.written_us for each in entries if each.source == source and not isinstance(each, Coverage))
    return max(notes, default=0)


def _silence(window: Window, silent_s: float, patience: Patience) -> str:
    return f"nothing of source {window.source!r} was fetched for {silent_s:.0f} s: see that `{patience.worker}` works"
