"""``stadtfunk backfill``: ask for a time by hand; ``run``: one role of the distributed platform; ``status``: how it is.

Whatever asks writes into the book of backfill; whoever backfills, the embedded platform or the role, looks into it.
"""

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial

from application.backfill import Due, due, expiry_text
from application.errors import NotFound, Refused, Unwell
from application.open_parts import OpenParts
from application.ports.backfill_book import BackfillBook, Entry, Window
from application.ports.clock import Clock
from stadtfunk.adapter_settings import backfill_plan, backfilled
from stadtfunk.commands.backfill_tables import backfill_tables, fetched_windows, lost_for_good
from stadtfunk.commands.backfill_wait import Patience, fetched
from stadtfunk.commands.platform import add_platform, checked, platform_settings
from stadtfunk.commands.words import Asked, Words, bounded, device, given, instant
from stadtfunk.container.distributed import Distributed
from stadtfunk.container.embedded import Embedded
from stadtfunk.container.on_kafka import check_topics
from stadtfunk.figures.backfill import backfill_figures
from stadtfunk.roles.distributed import Running, run_role
from stadtfunk.roles.supervision import run_to_its_end
from stadtfunk.settings import Settings
from stadtfunk.tables import show
from stadtfunk.telemetry import set_up_logging

_NS_PER_US = 1_000
_US = 1_000_000


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    parser = words.add_parser("backfill", parents=[settings], help="fetch from the network server what did not come")
    what = parser.add_argument("what", nargs="?", default="ask", choices=("ask", "run", "status"), metavar="WHAT")
    what.help = "ask for a time (the default); status: what is still to be fetched, ends with 1 if it is about to"
    what.help += " expire; run: the role of the distributed platform that fetches"
    parser.add_argument("--source", type=given, metavar="NAME", help="ask: of which source; default: the only one")
    parser.add_argument("--since", type=instant, metavar="TIME", help="ask: from this time on, RFC 3339")
    parser.add_argument("--until", type=instant, metavar="TIME", help="ask: up to but not this time; default: now")
    parser.add_argument("--device", type=device, metavar="DEVEUI", help="ask: only this device")
    parser.add_argument("--wait", action="store_true", help="ask: until all of it is fetched")
    parser.add_argument(
        "--patience",
        type=bounded(1, 86_400),
        metavar="SECONDS",
        help="ask: with --wait, end once nothing was fetched for so long; default: say so, and wait on",
    )
    add_platform(parser)
    parser.set_defaults(do=partial(_backfill, parser))


def _backfill(parser: argparse.ArgumentParser, asked: Asked) -> None:
    if asked.what == "ask" and asked.since is None:
        parser.error("--since is missing: from when on?")
    if asked.patience is not None and not asked.wait:
        parser.error("--patience goes with --wait")
    settings = platform_settings(asked)
    if asked.what == "run":
        run_to_its_end(run_role(settings, "backfill", Distributed, _start))
        return
    set_up_logging(settings.log)
    asyncio.run((_status if asked.what == "status" else _ask)(settings, asked))


async def _start(container: Distributed, stack: AsyncExitStack) -> Running:
    backfills = container.backfills()
    if not backfills:
        raise Refused("no source has a storage_url: there is nothing to backfill", setting="storage_url")
    await check_topics(container)
    await stack.enter_async_context(container.producer())
    await stack.enter_async_context(container.session())
    for each in backfills:
        await stack.enter_async_context(each.storage)

    async def drain() -> None:
        for each in backfills:
            each.backfill.stop()

    stages = {f"backfill {each.source}": each.backfill.counts for each in backfills}
    lasting = [each.backfill.run() for each in backfills]
    figures = backfill_figures({each.source: each.backfill for each in backfills}, container.clock())
    return Running(stages, [], drain, partial(check_topics, container), figures=figures, lasting=lasting)


async def _opened(settings: Settings, stack: AsyncExitStack, asked: Asked) -> tuple[BackfillBook, Clock]:
    if not asked.kafka:
        embedded = Embedded(settings=settings)
        return await stack.enter_async_context(embedded.backfill_book()), embedded.clock()
    distributed = await checked(settings)
    await stack.enter_async_context(distributed.producer())
    return distributed.backfill_book(), distributed.clock()


async def _ask(settings: Settings, asked: Asked) -> None:
    source = _source(settings, asked)
    async with OpenParts() as stack:
        book, clock = await _opened(settings, stack, asked)
        window = _window(source, asked, clock.now_us())
        await book.put([window])
        if not asked.wait:
            print("asked for; `stadtfunk backfill status` says what becomes of it")
            return
        done = await fetched(book, window, _ready_s(settings, window, clock), _patience(asked))
        print(f"{done.messages} messages fetched; those that had come before are known as repeats")
        if done.trouble:
            raise Unwell(done.trouble)


def _window(source: str, asked: Asked, now_us: int) -> Window:
    since_us = asked.since // _NS_PER_US
    until_us = now_us if asked.until is None else asked.until // _NS_PER_US
    if not since_us < until_us <= now_us:
        raise Refused("--until must be after --since, and not in the future", setting="until")
    return Window(source, since_us, until_us, "asked", now_us, asked.device or "")


def _ready_s(settings: Settings, window: Window, clock: Clock) -> float:
    """Return in how many seconds the store has all of ``window``."""
    settle_us = next(backfill_plan(each).settle_us for each in backfilled(settings) if each.name == window.source)
    return max(0.0, (window.until_us + settle_us - clock.now_us()) / _US)


def _patience(asked: Asked) -> Patience:
    return Patience("stadtfunk backfill run" if asked.kafka else "stadtfunk run", ends_s=asked.patience)


def _source(settings: Settings, asked: Asked) -> str:
    names = [each.name for each in backfilled(settings)]
    if not names:
        raise Refused("no source has a storage_url: there is nothing to ask", setting="storage_url")
    if asked.source is None and len(names) > 1:
        raise Refused(f"--source is missing: one of {', '.join(names)}", setting="source")
    if asked.source is not None and asked.source not in names:
        raise NotFound(f"source {asked.source!r} has no storage_url; there are {', '.join(names)}", source=asked.source)
    return asked.source or names[0]


async def _status(settings: Settings, asked: Asked) -> None:
    async with OpenParts() as stack:
        book, clock = await _opened(settings, stack, asked)
        entries = await book.entries()
        plans = {each.name: backfill_plan(each) for each in backfilled(settings)}
        found = due(entries, plans, clock.now_us())
        show(*backfill_tables(found, entries))
        for line in lost_for_good(entries):
            print(line)
        _complain(found, entries)


def _complain(found: Sequence[Due], entries: Sequence[Entry]) -> None:
    """Return if nothing is about to be lost for ever, and what was fetched last is beyond doubt.

    Raises:
        Unwell: names what is, and until when it can be had.
    """
    bad = [f"{each.source}: {expiry_text(each)}" for each in found if not each.state.is_well]
    newest = {each.source: each for each in fetched_windows(entries)}
    bad += [f"{source}: what was fetched last: {each.trouble}" for source, each in newest.items() if each.trouble]
    if bad:
        raise Unwell("; ".join(bad))
