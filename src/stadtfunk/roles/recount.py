"""``stadtfunk recount``: count frames of devices from the raw log, for what came too late to be put in its place."""

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

from application.errors import NotFound
from application.losses import Sums
from application.open_parts import OpenParts
from application.recounting import Recounting
from domain.radio import LossDay, LossLedger, Recounted, summed
from stadtfunk.commands.loss_tables import day_text, print_losses
from stadtfunk.commands.platform import add_platform, open_distributed, open_embedded, platform_settings
from stadtfunk.commands.words import Asked, Words, device
from stadtfunk.roles.gone_sources import check_outages
from stadtfunk.settings import Settings
from stadtfunk.telemetry import set_up_logging


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    parser = words.add_parser("recount", parents=[settings], help="count frames of devices from the raw log")
    parser.add_argument("device", nargs="+", type=device, help="DevEUI")
    parser.add_argument("--dry-run", action="store_true", help="show what the raw log says, and change nothing")
    add_platform(parser)
    parser.set_defaults(do=lambda asked: asyncio.run(_recount(asked)))


async def _recount(asked: Asked) -> None:
    settings = platform_settings(asked)
    set_up_logging(settings.log)
    async with OpenParts() as stack:
        recounting, ledger = await _opened(settings, stack, asked)
        recounts = await recounting.recount(asked.device)
        if not recounts:
            raise NotFound(f"the raw log holds nothing of {', '.join(asked.device)}")
        for each in recounts:
            _show(each, ledger)
        if not asked.dry_run:
            await recounting.tell(recounts)
            print("told to processing, which takes it over unless it hears more of the device before")


async def _opened(settings: Settings, stack: AsyncExitStack, asked: Asked) -> tuple[Recounting, LossLedger]:
    """Return what recounts, and the ledger by whose days it is shown."""
    if not asked.kafka:
        embedded = await open_embedded(settings, stack, dry_run=asked.dry_run)
        await check_outages(settings, embedded.own_memories())
        return embedded.recounting(), embedded.ledger()
    distributed = await open_distributed(settings, stack)
    await check_outages(settings, distributed.memories())
    if not asked.dry_run:
        await stack.enter_async_context(distributed.producer())
    return distributed.recounting(), distributed.ledger()


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
