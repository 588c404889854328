"""``stadtfunk read-rate``: how many of the readings that should have come did come."""

import argparse
import asyncio

from adapters.grpc.meter_client import MeterClient
from stadtfunk.commands.calendar_words import add_range, calendar_of, instant_of
from stadtfunk.commands.meter_tables import print_read_rates
from stadtfunk.commands.words import Asked, Words, add_server


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    del settings
    read_rate = words.add_parser("read-rate", help="readings that came, of those that should have, by day")
    add_server(read_rate)
    add_range(read_rate)
    read_rate.add_argument("--city-zone", default="", metavar="ZONE", help="only meters of this part of the city")
    read_rate.set_defaults(do=lambda asked: asyncio.run(ask(asked)))


async def ask(asked: Asked) -> None:
    """Ask the server and print its answer."""
    calendar = calendar_of(asked)
    since_ns, until_ns = instant_of(asked.since, calendar), instant_of(asked.until, calendar)
    async with MeterClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        found = await client.query_read_rates(since_ns, until_ns, str(asked.zone), asked.city_zone)
    print_read_rates(found, calendar)
