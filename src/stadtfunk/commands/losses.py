"""``stadtfunk losses DEVICE | --day DATE``: what became of frames, and who is presumed to have lost the rest."""

import argparse
import asyncio
from datetime import date

from adapters.grpc.client import Wanted
from adapters.grpc.loss_client import LossClient
from application.losses import Sums
from application.ports.reading_query import StoredReading
from domain.radio import LossDay
from domain.radio.message_count import MESSAGE_COUNT
from stadtfunk.commands.loss_tables import day_text, print_cross_check, print_losses
from stadtfunk.commands.words import Asked, Words, add_server, bounded, device

_SHOWN = 50
_EPOCH = date(1970, 1, 1)
_DAY_NS = 86_400 * 1_000_000_000
_MOST_COUNTS = 10_000
"""Three months of a count every quarter of an hour."""


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    del settings
    losses = words.add_parser("losses", help="frames that came, and those that did not: by device and day")
    add_server(losses)
    which = losses.add_mutually_exclusive_group(required=True)
    which.add_argument("device", nargs="?", type=device, help="DevEUI: its last 31 days")
    which.add_argument("--day", type=day, metavar="DATE", help="all devices on this day, such as 2026-11-23")
    losses.add_argument("--from", dest="since", type=day, metavar="DATE", help="of a device: first day")
    losses.add_argument("--until", type=day, metavar="DATE", help="of a device: up to but not this day")
    losses.add_argument(
        "--cross-check",
        action="store_true",
        help="of a device: compare with the count that it sends itself, if it does",
    )
    losses.add_argument("--limit", type=bounded(0, 100_000), default=_SHOWN, help="rows of a day, beside their sum")
    losses.set_defaults(do=lambda asked: asyncio.run(_losses(_checked(asked, losses))))


def day(text: str) -> int:
    """Return a day (2026-11-23) as days since 1970-01-01."""
    try:
        return (date.fromisoformat(text) - _EPOCH).days
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day: 2026-11-23 or the like expected") from None


def _checked(asked: Asked, losses: argparse.ArgumentParser) -> Asked:
    """Return ``asked``, unless it asks of all devices what only one has."""
    if asked.day is not None and (asked.since is not None or asked.until is not None or asked.cross_check):
        losses.error("--from, --until and --cross-check go with a device, not with --day")
    return asked


async def _losses(asked: Asked) -> None:
    async with LossClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        if asked.day is None:
            rows = await client.list_losses(asked.device, asked.since, asked.until)
            sums = await client.sum_losses(rows[0].day, rows[-1].day + 1, asked.device) if rows else None
            print_losses(rows, day_text, sums)
            if asked.cross_check:
                print_cross_check(await _own_counts(client, asked))
            return
        sums = await client.sum_losses(asked.day, asked.day + 1)
        rows = await client.list_losses_of_day(asked.day, limit=asked.limit) if asked.limit else []
        print_losses(rows, _device, sums if sums.devices else None)
        _tell_the_rest(rows, sums)


async def _own_counts(client: LossClient, asked: Asked) -> list[StoredReading]:
    """Return the device's own counts of its messages; days are those of UTC here, which a comparison can bear."""
    since_ns = None if asked.since is None else asked.since * _DAY_NS
    until_ns = None if asked.until is None else asked.until * _DAY_NS
    wanted = Wanted(since_ns, until_ns, [MESSAGE_COUNT], ["up"])
    return await client.list_readings(asked.device, wanted, limit=_MOST_COUNTS)


def _device(row: LossDay) -> str:
    return row.dev_eui


def _tell_the_rest(rows: list[LossDay], sums: Sums) -> None:
    shown = len({row.dev_eui for row in rows})
    if 0 < shown < sums.devices:
        print(f"{shown} of {sums.devices} devices; the sums are those of all")
