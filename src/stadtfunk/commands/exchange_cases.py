"""``stadtfunk exchange-cases``: devices that read another meter than the registry says."""

import argparse
import asyncio

from adapters.grpc.meter_client import MeterClient
from stadtfunk.commands.calendar_words import add_zone, calendar_of
from stadtfunk.commands.meter_tables import print_exchange_cases
from stadtfunk.commands.words import Asked, Words, add_server


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    del settings
    cases = words.add_parser("exchange-cases", help="devices that read another meter than the registry says")
    add_server(cases)
    add_zone(cases)
    cases.set_defaults(do=lambda asked: asyncio.run(ask(asked)))


async def ask(asked: Asked) -> None:
    """Ask the server and print its answer."""
    async with MeterClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        print_exchange_cases(await client.list_exchange_cases(), calendar_of(asked))
