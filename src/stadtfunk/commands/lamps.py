"""``stadtfunk lamps list | circuits | alarms | hours | faults``: whether lamps burn, and what is out of order."""

import argparse
import asyncio

from adapters.grpc.lighting_client import LightingClient
from stadtfunk.commands.calendar_words import add_range, calendar_of, instant_of
from stadtfunk.commands.lamp_tables import print_alarms, print_circuits, print_faults, print_hours, print_lamps
from stadtfunk.commands.words import Asked, Words, add_server, bounded, given

_SHOWN = 50


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the words."""
    del settings
    lamps = words.add_parser("lamps", help="street lamps and circuits").add_subparsers(metavar="WHAT", required=True)
    listing = lamps.add_parser("list", help="how lamps are now")
    add_server(listing)
    listing.add_argument("--circuit", default="", help="only lamps of this circuit")
    listing.add_argument("--limit", type=bounded(1, 100_000), default=_SHOWN)
    listing.set_defaults(do=lambda asked: asyncio.run(_list(asked)))
    circuits = lamps.add_parser("circuits", help="circuits with their lamps counted")
    add_server(circuits)
    circuits.add_argument("--limit", type=bounded(1, 100_000), default=_SHOWN)
    circuits.set_defaults(do=lambda asked: asyncio.run(_circuits(asked)))
    alarms = lamps.add_parser("alarms", help="what is out of order: one line for a dark circuit or cabinet")
    add_server(alarms)
    alarms.set_defaults(do=lambda asked: asyncio.run(_alarms(asked)))
    for word, does, help_text in (
        ("hours", _hours, "burning hours of a lamp: by its gear, by its states, by plan"),
        ("faults", _faults, "faults of a lamp, and how long their repair took"),
    ):
        of_lamp = lamps.add_parser(word, help=help_text)
        add_server(of_lamp)
        of_lamp.add_argument("lamp", type=given, help="its name")
        add_range(of_lamp)
        of_lamp.set_defaults(do=lambda asked, does=does: asyncio.run(does(asked)))


async def _list(asked: Asked) -> None:
    async with LightingClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        print_lamps(await client.list_lamps(limit=asked.limit, circuit=asked.circuit))


async def _circuits(asked: Asked) -> None:
    async with LightingClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        print_circuits(await client.list_circuits(limit=asked.limit))


async def _alarms(asked: Asked) -> None:
    async with LightingClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        print_alarms(await client.list_alarms())


async def _hours(asked: Asked) -> None:
    async with LightingClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        print_hours(await client.query_hours(asked.lamp, *_window(asked)))


async def _faults(asked: Asked) -> None:
    since_ns, until_ns = _window(asked)
    async with LightingClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        print_faults(await client.list_faults(asked.lamp, since_ns, until_ns), until_ns)


def _window(asked: Asked) -> tuple[int, int]:
    calendar = calendar_of(asked)
    return instant_of(asked.since, calendar), instant_of(asked.until, calendar)
