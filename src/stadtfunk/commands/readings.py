"""``stadtfunk readings list``: ask the gRPC API for readings."""

import argparse
import asyncio

from adapters.grpc.client import GrpcClient, Wanted
from application.ports.reading_query import StoredReading
from stadtfunk.commands.words import Asked, Words, add_server, bounded, device, instant
from stadtfunk.tables import print_readings

_SHOWN = 20


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    del settings
    readings = words.add_parser("readings", help="readings of devices").add_subparsers(metavar="WHAT", required=True)
    listing = readings.add_parser("list", help="the newest readings, of one device or of the first few")
    add_server(listing)
    listing.add_argument(
        "device", nargs="?", type=device, help="DevEUI; without: of devices in the order of their DevEUI"
    )
    listing.add_argument("--measurand", action="append", default=[], help="only this one; may be repeated")
    listing.add_argument("--since", type=instant, metavar="TIME", help="first instant, RFC 3339")
    listing.add_argument("--until", type=instant, metavar="TIME", help="up to but not this instant, RFC 3339")
    listing.add_argument("--known-at", type=instant, metavar="TIME", help="as they were known then, RFC 3339")
    listing.add_argument("--limit", type=bounded(1, 100_000), default=_SHOWN)
    listing.set_defaults(do=lambda asked: asyncio.run(_list(asked)))


async def _list(asked: Asked) -> None:
    wanted = Wanted(asked.since, asked.until, asked.measurand, known_at_ns=asked.known_at)
    async with GrpcClient(asked.server, ca_file=asked.ca_file) as client:
        if asked.device:
            print_readings(await client.list_readings(asked.device, wanted, limit=asked.limit))
            return
        found: list[StoredReading] = []
        for device in await client.list_devices(limit=asked.limit):
            if len(found) < asked.limit:
                found += await client.list_readings(device.dev_eui, wanted, limit=min(3, asked.limit - len(found)))
        print_readings(found)
