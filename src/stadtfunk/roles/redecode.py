"""``stadtfunk redecode``: read the raw log again with the decoders of today.

Embedded, the platform must be stopped for it (a dry run may look while it runs); distributed, it runs beside.
"""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from dependency_injector import providers
from msgspec.structs import replace
from rich.console import Console
from rich.progress import Progress

from adapters.sqlite.database import SqliteDatabase
from application.errors import Refused
from application.reading_import import text_of
from application.redecode import Difference, Job, Redecoded, Redecoding
from domain.rfc3339 import format_rfc3339
from stadtfunk.commands.words import Asked, Words, device, given, instant, settings_of
from stadtfunk.container.distributed import Distributed
from stadtfunk.container.embedded import Embedded
from stadtfunk.roles.distributed import check_topics
from stadtfunk.script_codecs import decoders_of
from stadtfunk.settings import Settings
from stadtfunk.telemetry import set_up_logging

_NS_PER_US = 1_000
_MOST_SHOWN = 200
"""Differences on the screen; their number is told in any case."""


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    parser = words.add_parser("redecode", parents=[settings], help="read the raw log again with the decoders of today")
    parser.add_argument(
        "--device-type", action="append", default=[], metavar="TYPE", help="only such devices; repeatable"
    )
    parser.add_argument("--device", action="append", default=[], type=device, metavar="DEVEUI", help="only this one")
    parser.add_argument("--since", type=instant, metavar="TIME", help="first receipt, RFC 3339; default: all there is")
    parser.add_argument("--until", type=instant, metavar="TIME", help="up to but not this receipt; default: now")
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    parser.add_argument("--data", type=given, metavar="FOLDER", help="folder of the embedded platform")
    parser.add_argument("--kafka", action="store_true", help="of the distributed platform")
    parser.set_defaults(do=lambda asked: asyncio.run(_redecode(asked)))


async def _redecode(asked: Asked) -> None:
    settings = settings_of(asked)
    set_up_logging(settings.log)
    if asked.data:
        settings = replace(settings, data=replace(settings.data, folder=asked.data))
    async with AsyncExitStack() as stack:
        start = _distributed if asked.kafka else _embedded
        _check_types(asked.device_type, settings)
        redecoding, now_us = await start(settings, stack, dry_run=asked.dry_run)
        until_us = now_us if asked.until is None else asked.until // _NS_PER_US
        since_us = 0 if asked.since is None else asked.since // _NS_PER_US
        job = Job(since_us, until_us, now_us, frozenset(asked.device_type), frozenset(asked.device))
        shown = _Shown()
        done = await _run(redecoding, job, shown.show, dry_run=asked.dry_run)
        _conclude(done, shown, dry_run=asked.dry_run)


def _check_types(device_types: Sequence[str], settings: Settings) -> None:
    """Return if every type that is asked for has a decoder: a misspelt one would find nothing to do.

    Raises:
        Refused: one has none.
    """
    decoders = decoders_of(settings)
    for name in device_types:
        if not decoders.knows(name):
            known = ", ".join(sorted(decoders.types()))
            raise Refused(f"device type {name!r} has no decoder; there are {known}", device_type=name)


async def _embedded(settings: Settings, stack: AsyncExitStack, *, dry_run: bool) -> tuple[Redecoding, int]:
    container = Embedded(settings=settings)
    if dry_run:
        container.database.override(providers.Singleton(SqliteDatabase, container.folder(), read_only=True))
    await stack.enter_async_context(container.payload_decoder())
    await stack.enter_async_context(container.database())
    await container.registry().load()
    return container.redecoding(), container.clock().now_us()


async def _distributed(settings: Settings, stack: AsyncExitStack, *, dry_run: bool) -> tuple[Redecoding, int]:
    del dry_run
    container = Distributed(settings=settings)
    await check_topics(container)
    await stack.enter_async_context(container.payload_decoder())
    await stack.enter_async_context(container.session())
    await container.follower().catch_up()
    return container.redecoding(), container.clock().now_us()


async def _run(redecoding: Redecoding, job: Job, show: Callable[[Difference], None], *, dry_run: bool) -> Redecoded:
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("reading the log", total=None)
        began_us = job.since_us

        def reached(received_us: int) -> None:
            nonlocal began_us
            began_us = began_us or received_us
            progress.update(task, total=job.until_us - began_us, completed=received_us - began_us)

        return await redecoding.run(job, dry_run=dry_run, tell=show, reached=reached)


class _Shown:
    """Differences on the screen, up to a number."""

    def __init__(self) -> None:
        self.left_out = 0
        self._shown = 0

    def show(self, difference: Difference) -> None:
        """Print one line."""
        if self._shown == _MOST_SHOWN:
            self.left_out += 1
            return
        self._shown += 1
        before = "–" if difference.before is None else text_of(difference.before.reading)
        after = "–" if difference.after is None else text_of(difference.after)
        what = f"{difference.measurand}/{difference.channel}"
        print(f"{difference.dev_eui} {format_rfc3339(difference.event_ns)} {what}: {before} → {after}")


def _conclude(done: Redecoded, shown: _Shown, *, dry_run: bool) -> None:
    if shown.left_out:
        print(f"… and {shown.left_out} more")
    print(
        f"{'dry run, nothing is stored: ' if dry_run else ''}"
        f"{done.uplinks} uplinks read, {done.observations} observations;"
        f" readings: {done.same} same, {done.changed} changed, {done.added} added, {done.withdrawn} withdrawn"
    )
    for reason, count in done.dead.most_common():
        print(f"{count} payloads cannot be read by today's decoders either ({reason}): what was made of them stays")
