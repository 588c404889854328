"""``stadtfunk consumption``: what was used at a metering point."""

import argparse
import asyncio

from adapters.grpc.meter_client import MeterClient
from application.register_choice import RegisterChoice
from domain.errors import InvalidValue
from domain.meter import Calendar, Consumption, Grain, PointId, point_id
from stadtfunk.commands.calendar_words import add_range, calendar_of, instant_of, span, time_of_day
from stadtfunk.commands.meter_tables import print_consumption
from stadtfunk.commands.words import Asked, Words, add_server

_NS_PER_S = 10**9
_TOTAL = "total"
"""One value, from the first instant to the last."""


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    del settings
    consumption = words.add_parser("consumption", help="what was used at a metering point, by the calendar")
    add_server(consumption)
    consumption.add_argument("point", type=metering_point, help="metering point")
    add_range(consumption)
    consumption.add_argument("--per", choices=[*Grain, _TOTAL], default=Grain.DAY)
    consumption.add_argument(
        "--day-start", type=time_of_day, default=0, metavar="HH:MM", help="when days begin: 06:00 for gas"
    )
    add_register(consumption)
    consumption.set_defaults(do=lambda asked: asyncio.run(ask(asked)))


def add_register(parser: argparse.ArgumentParser) -> None:
    """Add which register is asked for, and how its value at a boundary is found."""
    parser.add_argument("--measurand", default="", help="without: the one that the medium is billed by")
    parser.add_argument("--channel", help="such as t1; without: all")
    parser.add_argument("--interpolate", action="store_true", help="registers at boundaries on the straight line")
    parser.add_argument(
        "--max-age", type=span, default=86_400, metavar="SPAN", help="how old a reading may be, default 24h"
    )


def choice_of(asked: Asked) -> RegisterChoice:
    """Return which register ``asked`` names."""
    return RegisterChoice(asked.max_age * _NS_PER_S, asked.measurand, asked.channel, asked.interpolate)


def metering_point(text: str) -> PointId:
    """Return the metering point called ``text``."""
    try:
        return point_id(text)
    except InvalidValue as error:
        raise argparse.ArgumentTypeError(error.message) from None


async def ask(asked: Asked) -> None:
    """Ask the server and print its answer."""
    calendar = calendar_of(asked)
    async with MeterClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        print_consumption(await _found(asked, calendar, client), calendar)


async def _found(asked: Asked, calendar: Calendar, client: MeterClient) -> list[Consumption]:
    since_ns, until_ns = instant_of(asked.since, calendar), instant_of(asked.until, calendar)
    zone, choice = str(asked.zone), choice_of(asked)
    if asked.per == _TOTAL:
        return [await client.get_consumption(asked.point, since_ns, until_ns, zone, choice)]
    return await client.list_consumption(
        asked.point, since_ns, until_ns, Grain(asked.per), zone, asked.day_start, choice
    )
