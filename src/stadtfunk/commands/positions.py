"""``stadtfunk positions DEVICE``: where a device is, and where it has been."""

import argparse
import asyncio
from collections.abc import Sequence

from adapters.grpc.position_client import PositionClient
from application.positions import DevicePosition
from domain.position import Fix
from stadtfunk.commands.words import Asked, Words, add_server, bounded, device, instant
from stadtfunk.tables import instant_text, show, table, value_text

_SHOWN = 20


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    del settings
    positions = words.add_parser("positions", help="where a device is, and where it has been")
    add_server(positions)
    positions.add_argument("device", type=device, help="DevEUI")
    positions.add_argument("--since", type=instant, metavar="TIME", help="first instant of the track, RFC 3339")
    positions.add_argument("--until", type=instant, metavar="TIME", help="up to but not this instant, RFC 3339")
    positions.add_argument("--limit", type=bounded(1, 100_000), default=_SHOWN)
    positions.set_defaults(do=lambda asked: asyncio.run(_positions(asked)))


async def _positions(asked: Asked) -> None:
    async with PositionClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        found = await client.get_position(asked.device)
        fixes = await client.list_fixes(asked.device, since_ns=asked.since, until_ns=asked.until, limit=asked.limit)
    print_position(found, fixes)


def print_position(found: DevicePosition, fixes: Sequence[Fix]) -> None:
    """Print where a device is, then where it was."""
    best = found.best
    facts = [("position", "nobody knows")]
    if best is not None:
        facts = [
            ("position", value_text(best.place, 0)),
            ("source", best.place.source),
            ("since (UTC)", "installed" if best.event_ns is None else instant_text(best.event_ns)),
        ]
    tables = [table(("device", found.dev_eui), [*facts, ("data class", found.data_class.value)])]
    if fixes:
        rows = [
            (
                instant_text(fix.event_ns),
                value_text(fix.place, 0),
                fix.place.source,
                "" if fix.place.accuracy_m is None else f"{fix.place.accuracy_m:g}",
            )
            for fix in fixes
        ]
        tables.append(table(("time (UTC)", "position", "source", "accuracy m"), rows, right=("accuracy m",)))
    show(*tables)
