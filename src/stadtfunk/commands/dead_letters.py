"""``stadtfunk dead-letters list | show | replay | discard | expire``: what could not be used, and what becomes of it.

The folder of the embedded platform is read, also while it runs; with ``--kafka`` the topic of the distributed one.
A letter keeps no bytes of a frame that may carry keys; ``show --raw`` looks into the raw log, by a right of its own.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct
from msgspec.structs import replace

from application.errors import Refused
from application.letter_groups import BY, grouped
from application.letter_retention import LetterRetention
from application.ports.dead_letters import DeadLetters
from application.raw_access import RawAccess
from stadtfunk.commands import letter_desk
from stadtfunk.commands.letter_text import groups_table, letter_lines, letter_row, settled_row
from stadtfunk.commands.platform import add_platform, checked, platform_settings
from stadtfunk.commands.words import Asked, Words, bounded
from stadtfunk.container.embedded import Embedded
from stadtfunk.tables import show

_SHOWN = 20


class _Desk(Struct):
    """What the words work with."""

    letters: DeadLetters
    raw_access: RawAccess
    retention: LetterRetention


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the words."""
    whole = words.add_parser("dead-letters", help="messages that could not be used")
    desk = whole.add_subparsers(metavar="WHAT", required=True)
    listing = desk.add_parser("list", parents=[settings], help="the newest first")
    listing.add_argument("--reason", default="", help="only letters with this reason")
    listing.add_argument("--limit", type=bounded(1, 100_000), default=_SHOWN)
    listing.add_argument("--by", choices=list(BY), help="count those that wait by what they have in common")
    listing.add_argument("--settled", action="store_true", help="those that were resolved, discarded, or expired")
    listing.set_defaults(do=lambda asked: asyncio.run(_list(asked)))
    one = desk.add_parser("show", parents=[settings], help="one letter: reason, stage, origin, bytes")
    one.add_argument("letter", help="its id, as the list shows it")
    one.add_argument("--raw", action="store_true", help="its message out of the raw log; see [rights]")
    one.set_defaults(do=lambda asked: asyncio.run(_show(asked)))
    for parser in (listing, one, *letter_desk.add(desk, settings)):
        add_platform(parser)


async def _list(asked: Asked) -> None:
    if asked.by and asked.settled:
        raise Refused("--by counts letters that wait: leave --settled out", option="--by")
    async with _desk(asked) as desk:
        if asked.by:
            waiting = (each async for each in desk.letters.waiting() if asked.reason in ("", each.reason))
            groups = await grouped(waiting, asked.by)
            show(groups_table(groups, asked.by)) if groups else print("no dead letters")
            return
        if asked.settled:
            rows = map(settled_row, await desk.letters.settled(reason=asked.reason, limit=asked.limit))
        else:
            rows = map(letter_row, await desk.letters.list(reason=asked.reason, limit=asked.limit))
    print("\n".join(rows) or "no dead letters")


async def _show(asked: Asked) -> None:
    async with _desk(asked) as desk:
        letter = await desk.letters.get(asked.letter)
        if asked.raw:
            message = await desk.raw_access.message_of(letter)
            letter = replace(letter, body=message.body)
    print("\n".join(letter_lines(letter, desk.retention.ends_us(letter))))


@asynccontextmanager
async def _desk(asked: Asked) -> AsyncIterator[_Desk]:
    settings = platform_settings(asked)
    if asked.kafka:
        platform = await checked(settings)
        yield _Desk(platform.dead_letters(), platform.raw_access(), platform.letter_retention())
        return
    container = Embedded(settings=settings)
    async with container.reading_only():
        yield _Desk(container.dead_letters(), container.raw_access(), container.letter_retention())
