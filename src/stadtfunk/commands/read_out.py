"""``stadtfunk read-out``: what the meters showed at a key date, or why nobody knows."""

import argparse
import asyncio

from adapters.grpc.meter_client import MeterClient
from domain.meter import ReadOut
from stadtfunk.commands.calendar_words import add_zone, calendar_of, instant_of, moment
from stadtfunk.commands.consumption import add_register, choice_of, metering_point
from stadtfunk.commands.meter_tables import print_read_outs
from stadtfunk.commands.words import Asked, Words, add_server


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    del settings
    read_out = words.add_parser("read-out", help="what the meters showed at a key date")
    add_server(read_out)
    read_out.add_argument("point", nargs="?", type=metering_point, help="metering point; without: all")
    read_out.add_argument(
        "--at", type=moment, required=True, metavar="DAY", help="key date: a day begins, or an instant"
    )
    add_zone(read_out)
    add_register(read_out)
    read_out.set_defaults(do=lambda asked: asyncio.run(ask(asked)))


async def ask(asked: Asked) -> None:
    """Ask the server and print its answer."""
    calendar = calendar_of(asked)
    found: list[ReadOut] = []
    async with MeterClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        await client.list_read_outs(asked.point, instant_of(asked.at, calendar), choice_of(asked), found.extend)
    print_read_outs(found, calendar)
