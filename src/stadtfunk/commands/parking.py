"""``stadtfunk parking zones | spots | use``: where one can park, and how spots are used."""

import argparse
import asyncio

from adapters.grpc.parking_client import ParkingClient
from stadtfunk.commands.calendar_words import add_range, calendar_of, instant_of
from stadtfunk.commands.parking_tables import print_spots, print_use, print_zones
from stadtfunk.commands.words import Asked, Words, add_server, bounded, given

_SHOWN = 50


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the words."""
    del settings
    parking = words.add_parser("parking", help="parking spots and zones").add_subparsers(metavar="WHAT", required=True)
    zones = parking.add_parser("zones", help="how many spots are free, zone by zone")
    add_server(zones)
    zones.add_argument("--limit", type=bounded(1, 100_000), default=_SHOWN)
    zones.set_defaults(do=lambda asked: asyncio.run(_zones(asked)))
    spots = parking.add_parser("spots", help="the state of spots, and since when")
    add_server(spots)
    spots.add_argument("--zone", default="", help="only spots of this zone")
    spots.add_argument("--limit", type=bounded(1, 100_000), default=_SHOWN)
    spots.set_defaults(do=lambda asked: asyncio.run(_spots(asked)))
    use = parking.add_parser("use", help="turnover, time and stays of one spot")
    add_server(use)
    use.add_argument("spot", type=given, help="its name")
    add_range(use)
    use.set_defaults(do=lambda asked: asyncio.run(_use(asked)))


async def _zones(asked: Asked) -> None:
    async with ParkingClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        print_zones(await client.list_zones(limit=asked.limit))


async def _spots(asked: Asked) -> None:
    async with ParkingClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        print_spots(await client.list_spots(limit=asked.limit, zone=asked.zone))


async def _use(asked: Asked) -> None:
    calendar = calendar_of(asked)
    since_ns, until_ns = instant_of(asked.since, calendar), instant_of(asked.until, calendar)
    async with ParkingClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        print_use(await client.query_use(asked.spot, since_ns, until_ns))
