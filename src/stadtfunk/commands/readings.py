"""``stadtfunk readings list``: ask the gRPC API for readings."""

import argparse
import asyncio
import time
from contextlib import aclosing

from adapters.grpc.class_reading_client import ClassReadingClient
from adapters.grpc.client import GrpcClient, Wanted
from application.errors import Refused
from application.ports.reading_query import StoredReading
from domain.observation import DataClass
from stadtfunk.commands.words import Asked, Words, add_server, bounded, device, instant
from stadtfunk.tables import print_readings

_SHOWN = 20
_HOUR_NS = 3_600 * 1_000_000_000
_CLASSES = [each.value for each in DataClass]


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    del settings
    readings = words.add_parser("readings", help="readings of devices").add_subparsers(metavar="WHAT", required=True)
    told = "the newest readings, of one device or of the first few; or those of a data class, oldest first"
    listing = readings.add_parser("list", help=told)
    add_server(listing)
    listing.add_argument(
        "device", nargs="?", type=device, help="DevEUI; without: of devices in the order of their DevEUI"
    )
    listing.add_argument(
        "--class", dest="data_class", choices=_CLASSES, help="of all devices; the last hour, or --since"
    )
    listing.add_argument("--device-type", action="append", default=[], help="of a class: only these; may be repeated")
    listing.add_argument("--measurand", action="append", default=[], help="only this one; may be repeated")
    listing.add_argument("--since", type=instant, metavar="TIME", help="first instant, RFC 3339")
    listing.add_argument("--until", type=instant, metavar="TIME", help="up to but not this instant, RFC 3339")
    listing.add_argument("--known-at", type=instant, metavar="TIME", help="as they were known then, RFC 3339")
    listing.add_argument("--limit", type=bounded(1, 100_000), default=_SHOWN)
    listing.set_defaults(do=lambda asked: asyncio.run(ask(asked)))


async def ask(asked: Asked) -> None:
    """Print what is asked for."""
    if asked.data_class:
        print_readings(await _of_class(asked))
        return
    if asked.device_type:
        raise Refused("--device-type chooses among the readings of a class: give --class", option="--device-type")
    wanted = Wanted(asked.since, asked.until, asked.measurand, known_at_ns=asked.known_at)
    async with GrpcClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        if asked.device:
            print_readings(await client.list_readings(asked.device, wanted, limit=asked.limit))
            return
        found: list[StoredReading] = []
        for device in await client.list_devices(limit=asked.limit):
            if len(found) < asked.limit:
                found += await client.list_readings(device.dev_eui, wanted, limit=min(3, asked.limit - len(found)))
        print_readings(found)


async def _of_class(asked: Asked) -> list[StoredReading]:
    """Return the first readings of a class in a span."""
    if asked.device or asked.known_at is not None:
        raise Refused("--class asks all devices, as readings are known now: leave DEVICE and --known-at out")
    until_ns = time.time_ns() if asked.until is None else asked.until
    since_ns = until_ns - _HOUR_NS if asked.since is None else asked.since
    found: list[StoredReading] = []
    async with ClassReadingClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        chunks = client.query_class_readings(
            asked.data_class, since_ns, until_ns, measurands=asked.measurand, device_types=asked.device_type
        )
        async with aclosing(chunks):
            async for chunk in chunks:
                found += chunk
                if len(found) >= asked.limit:
                    break
    return found[: asked.limit]
