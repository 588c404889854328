"""``stadtfunk dead-letters replay | discard | expire``: letters leave the desk, and each leaves a receipt.

Embedded, the platform must be stopped for it (a dry run may look while it runs); distributed, it runs beside.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager

from application.errors import NotFound, Refused
from application.letter_replay import Chosen, LetterReplay, Receipt
from stadtfunk.commands.letter_text import receipt_row
from stadtfunk.commands.platform import checked, existing, open_distributed, open_embedded, platform_settings
from stadtfunk.commands.words import Asked, Words, given
from stadtfunk.settings import Settings


def add(desk: Words, settings: argparse.ArgumentParser) -> Sequence[argparse.ArgumentParser]:
    """Add the words, and return their parsers."""
    told = "process letters again, after a fix; only readings come of it, and `recount` counts their frames anew"
    replay = desk.add_parser("replay", parents=[settings], help=told, description=told)
    replay.add_argument("--dry-run", action="store_true", help="say what would become of them, and change nothing")
    replay.set_defaults(do=lambda asked: asyncio.run(_replay(asked)))
    discard = desk.add_parser("discard", parents=[settings], help="lay letters aside for good")
    discard.add_argument("--why", type=given, required=True, help="kept as their receipt")
    discard.set_defaults(do=lambda asked: asyncio.run(_discard(asked)))
    for parser in (replay, discard):
        parser.add_argument("letter", nargs="*", help="ids; without: all that wait")
        parser.add_argument("--reason", default="", help="only letters with this reason")
        parser.add_argument("--device-type", default="", metavar="TYPE", help="only letters of such devices")
    expire = desk.add_parser(
        "expire", parents=[settings], help="take away what may be kept no longer: [dead_letters.retention]"
    )
    expire.set_defaults(do=lambda asked: asyncio.run(_expire(asked)))
    return replay, discard, expire


async def _replay(asked: Asked) -> None:
    async with _opened(asked, dry_run=asked.dry_run) as replay:
        told = await _told(replay.replay(_chosen(asked), dry_run=asked.dry_run), asked)
    before = "dry run, nothing is stored: " if asked.dry_run else ""
    print(f"{before}{told.verdicts() or 'no dead letters'}; {told.readings} new readings")
    told.miss()


async def _discard(asked: Asked) -> None:
    chosen = _chosen(asked)
    if chosen == Chosen():
        raise Refused("all letters would be discarded: name some, a --reason or a --device-type")
    async with _opened(asked, dry_run=False, readings=False) as replay:
        told = await _told(replay.discard(chosen, asked.why), asked)
    print(told.verdicts() or "no dead letters")
    told.miss()


class _Told:
    """What was told of letters, added up."""

    def __init__(self, named: Iterable[str]) -> None:
        self._missing = set(named)
        self._counted: Counter[str] = Counter()
        self.readings = 0

    def add(self, receipt: Receipt) -> None:
        """Count a receipt."""
        self._counted[receipt.verdict] += 1
        self._missing.discard(receipt.letter.letter_id)
        self.readings += receipt.readings

    def verdicts(self) -> str:
        """Return how many letters came to which end; empty: there were none."""
        return ", ".join(f"{count} {verdict}" for verdict, count in sorted(self._counted.items(), reverse=True))

    def miss(self) -> None:
        """Return if all letters that were named have been found.

        Raises:
            NotFound: names the others.
        """
        if self._missing:
            named = ", ".join(sorted(self._missing))
            raise NotFound(f"no such letter waits, or not with that reason and type: {named}")


async def _told(receipts: AsyncGenerator[Receipt, None], asked: Asked) -> _Told:
    """Print each receipt as it comes, and return all of them added up."""
    told = _Told(asked.letter)
    async with aclosing(receipts):
        async for receipt in receipts:
            told.add(receipt)
            print(receipt_row(receipt), flush=True)
    return told


async def _expire(asked: Asked) -> None:
    settings = platform_settings(asked)
    async with AsyncExitStack() as stack:
        if asked.kafka:
            distributed = await checked(settings)
            await stack.enter_async_context(distributed.producer())
            retention = distributed.letter_retention()
        else:
            embedded = existing(settings)
            await stack.enter_async_context(embedded.database())
            retention = embedded.letter_retention()
        if not retention.has_ends:
            raise Refused("[dead_letters.retention] gives no letter an end: nothing can expire")
        print(f"{await retention.expire()} expired")


def _chosen(asked: Asked) -> Chosen:
    return Chosen(frozenset(asked.letter), asked.reason, asked.device_type)


@asynccontextmanager
async def _opened(asked: Asked, *, dry_run: bool, readings: bool = True) -> AsyncIterator[LetterReplay]:
    """Open the platform; without ``readings`` their store need not answer."""
    settings = platform_settings(asked)
    async with AsyncExitStack() as stack:
        if asked.kafka:
            yield await _distributed(settings, stack, readings=readings)
        else:
            yield (await open_embedded(settings, stack, dry_run=dry_run)).letter_replay()


async def _distributed(settings: Settings, stack: AsyncExitStack, *, readings: bool) -> LetterReplay:
    container = await (open_distributed(settings, stack) if readings else checked(settings))
    await stack.enter_async_context(container.producer())
    if readings:
        await stack.enter_async_context(container.session())
    return container.letter_replay()
