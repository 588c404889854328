"""``stadtfunk recount``: count the frames of devices from the raw log, for what came too late to be put in its place.

Embedded, the platform must be stopped for it (a dry run may look while it runs); distributed, it runs beside.
"""

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

from dependency_injector import providers
from msgspec.structs import replace

from adapters.sqlite.database import SqliteDatabase
from application.errors import NotFound
from application.losses import Sums
from application.recounting import Recounting
from domain.radio import LossDay, LossLedger, Recounted, summed
from stadtfunk.commands.loss_tables import day_text, print_losses
from stadtfunk.commands.words import Asked, Words, device, given, settings_of
from stadtfunk.container.distributed import Distributed
from stadtfunk.container.embedded import Embedded
from stadtfunk.roles.distributed import check_topics
from stadtfunk.settings import Settings
from stadtfunk.telemetry import set_up_logging


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    parser = words.add_parser("recount", parents=[settings], help="count frames of devices from the raw log")
    parser.add_argument("device", nargs="+", type=device, help="DevEUI")
    parser.add_argument("--dry-run", action="store_true", help="show what the raw log says, and change nothing")
    parser.add_argument("--data", type=given, metavar="FOLDER", help="folder of the embedded platform")
    parser.add_argument("--kafka", action="store_true", help="of the distributed platform")
    parser.set_defaults(do=lambda asked: asyncio.run(_recount(asked)))


async def _recount(asked: Asked) -> None:
    settings = settings_of(asked)
    set_up_logging(settings.log)
    if asked.data:
        settings = replace(settings, data=replace(settings.data, folder=asked.data))
    async with AsyncExitStack() as stack:
        start = _distributed if asked.kafka else _embedded
        recounting, ledger = await start(settings, stack, dry_run=asked.dry_run)
        recounts = await recounting.recount(asked.device)
        if not recounts:
            raise NotFound(f"the raw log holds nothing of {', '.join(asked.device)}")
        for each in recounts:
            _show(each, ledger)
        if not asked.dry_run:
            await recounting.tell(recounts)
            print("told to processing, which takes it over unless it hears more of the device before")


async def _embedded(settings: Settings, stack: AsyncExitStack, *, dry_run: bool) -> tuple[Recounting, LossLedger]:
    container = Embedded(settings=settings)
    if dry_run:
        container.database.override(providers.Singleton(SqliteDatabase, container.folder(), read_only=True))
    await stack.enter_async_context(container.payload_decoder())
    await stack.enter_async_context(container.database())
    await container.registry().load()
    return container.recounting(), container.ledger()


async def _distributed(settings: Settings, stack: AsyncExitStack, *, dry_run: bool) -> tuple[Recounting, LossLedger]:
    container = Distributed(settings=settings)
    await check_topics(container)
    await stack.enter_async_context(container.payload_decoder())
    await container.follower().catch_up()
    if not dry_run:
        await stack.enter_async_context(container.producer())
    return container.recounting(), container.ledger()


def _show(recount: Recounted, ledger: LossLedger) -> None:
    print(f"device {recount.dev_eui}")
    rows = [
        row for source, account in recount.accounts.items() for row in ledger.days(recount.dev_eui, source, account, 0)
    ]
    print_losses(sorted(rows, key=_when), day_text, _sums(rows))


def _when(row: LossDay) -> tuple[int, str]:
    return row.day, row.source


def _sums(rows: Sequence[LossDay]) -> Sums | None:
    if not rows:
        return None
    sources = sorted({row.source for row in rows})
    by_source = tuple(summed([row for row in rows if row.source == source]) for source in sources)
    return Sums(summed(rows), by_source, 1)
