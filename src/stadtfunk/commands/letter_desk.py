"""``stadtfunk dead-letters replay | discard | expire``: letters leave the desk, and each leaves a receipt.

Embedded, the platform must be stopped for it (a dry run may look while it runs); distributed, it runs beside.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from application.errors import NotFound, Refused
from application.letter_replay import Chosen, LetterReplay
from stadtfunk.commands.letter_text import receipt_row
from stadtfunk.commands.platform import checked, open_distributed, open_embedded, platform_settings
from stadtfunk.commands.words import Asked, Words, given
from stadtfunk.container.embedded import Embedded
from stadtfunk.settings import Settings


def add(desk: Words, settings: argparse.ArgumentParser) -> Sequence[argparse.ArgumentParser]:
    """Add the words, and return their parsers."""
    replay = desk.add_parser("replay", parents=[settings], help="process letters again, after a fix")
    replay.add_argument("--dry-run", action="store_true", help="say what would become of them, and change nothing")
    replay.set_defaults(do=lambda asked: asyncio.run(_replay(asked)))
    discard = desk.add_parser("discard", parents=[settings], help="lay letters aside for good")
    discard.add_argument("--why", type=given, required=True, help="kept as their receipt")
    discard.set_defaults(do=lambda asked: asyncio.run(_discard(asked)))
    for parser in (replay, discard):
        parser.add_argument("letter", nargs="*", help="ids; without: all that wait")
        parser.add_argument("--reason", default="", help="only letters with this reason")
        parser.add_argument("--device-type", default="", metavar="TYPE", help="only letters of such devices")
    expire = desk.add_parser("expire", parents=[settings], help="take away what [dead_letters.retention] has end")
    expire.set_defaults(do=lambda asked: asyncio.run(_expire(asked)))
    return replay, discard, expire


async def _replay(asked: Asked) -> None:
    counted: Counter[str] = Counter()
    found: set[str] = set()
    readings = 0
    async with _opened(asked, dry_run=asked.dry_run) as replay:
        async for receipt in replay.replay(_chosen(asked), dry_run=asked.dry_run):
            counted[receipt.verdict] += 1
            found.add(receipt.letter.letter_id)
            readings += receipt.readings
            print(receipt_row(receipt))
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counted.items(), reverse=True))
    before = "dry run, nothing is stored: " if asked.dry_run else ""
    print(f"{before}{told or 'no dead letters'}; {readings} new readings")
    _miss(asked, found)


async def _discard(asked: Asked) -> None:
    chosen = _chosen(asked)
    if chosen == Chosen():
        raise Refused("all letters would be discarded: name some, a --reason or a --device-type")
    async with _opened(asked, dry_run=False) as replay:
        receipts = await replay.discard(chosen, asked.why)
    for receipt in receipts:
        print(receipt_row(receipt))
    print(f"{len(receipts)} discarded")
    _miss(asked, {receipt.letter.letter_id for receipt in receipts})


async def _expire(asked: Asked) -> None:
    settings = platform_settings(asked)
    async with AsyncExitStack() as stack:
        if asked.kafka:
            distributed = await checked(settings)
            await stack.enter_async_context(distributed.producer())
            expired = await distributed.letter_retention().expire()
        else:
            embedded = Embedded(settings=settings)
            await stack.enter_async_context(embedded.database())
            expired = await embedded.letter_retention().expire()
    print(f"{expired} expired")


def _miss(asked: Asked, found: set[str]) -> None:
    """Return if all letters that were named have been found.

    Raises:
        NotFound: names the others.
    """
    if missing := sorted(set(asked.letter) - found):
        raise NotFound(f"no such letter waits, or not with that reason and type: {', '.join(missing)}")


def _chosen(asked: Asked) -> Chosen:
    return Chosen(frozenset(asked.letter), asked.reason, asked.device_type)


@asynccontextmanager
async def _opened(asked: Asked, *, dry_run: bool) -> AsyncIterator[LetterReplay]:
    settings = platform_settings(asked)
    async with AsyncExitStack() as stack:
        if asked.kafka:
            yield await _distributed(settings, stack)
        else:
            yield (await open_embedded(settings, stack, dry_run=dry_run)).letter_replay()


async def _distributed(settings: Settings, stack: AsyncExitStack) -> LetterReplay:
    container = await open_distributed(settings, stack)
    await stack.enter_async_context(container.producer())
    await stack.enter_async_context(container.session())
    return container.letter_replay()
