"""``stadtfunk dead-letters list | show``: look at what could not be used.

The folder of the embedded platform is read, also while it runs; with ``--kafka`` the topic of the distributed one.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec.structs import replace

from application.ports.dead_letters import DeadLetters
from stadtfunk.commands.letter_text import letter_lines, letter_row
from stadtfunk.commands.words import Asked, Words, bounded, given, settings_of
from stadtfunk.container.distributed import Distributed
from stadtfunk.container.embedded import Embedded

_SHOWN = 20


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the words."""
    whole = words.add_parser("dead-letters", help="messages that could not be used")
    desk = whole.add_subparsers(metavar="WHAT", required=True)
    listing = desk.add_parser("list", parents=[settings], help="the newest first")
    listing.add_argument("--reason", default="", help="only letters with this reason")
    listing.add_argument("--limit", type=bounded(1, 100_000), default=_SHOWN)
    listing.set_defaults(do=lambda asked: asyncio.run(_list(asked)))
    one = desk.add_parser("show", parents=[settings], help="one letter: reason, stage, origin, bytes")
    one.add_argument("letter", help="its id, as the list shows it")
    one.set_defaults(do=lambda asked: asyncio.run(_show(asked)))
    for parser in (listing, one):
        parser.add_argument("--data", type=given, metavar="FOLDER", help="folder of the embedded platform")
        parser.add_argument("--kafka", action="store_true", help="of the distributed platform")


async def _list(asked: Asked) -> None:
    async with _letters(asked) as letters:
        found = await letters.list(reason=asked.reason, limit=asked.limit)
    print("\n".join(map(letter_row, found)) or "no dead letters")


async def _show(asked: Asked) -> None:
    async with _letters(asked) as letters:
        print("\n".join(letter_lines(await letters.get(asked.letter))))


@asynccontextmanager
async def _letters(asked: Asked) -> AsyncIterator[DeadLetters]:
    settings = settings_of(asked)
    if asked.kafka:
        platform = Distributed(settings=settings)
        async with platform.topics_migration() as topics:
            await topics.check()
        yield platform.dead_letters()
        return
    if asked.data:
        settings = replace(settings, data=replace(settings.data, folder=asked.data))
    container = Embedded(settings=settings)
    async with container.reading_only():
        yield container.dead_letters()
