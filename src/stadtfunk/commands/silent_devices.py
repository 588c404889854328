"""``stadtfunk silent-devices``: who should have spoken, and has not."""

import argparse
import asyncio
from collections.abc import Sequence

from adapters.grpc.device_health_client import DeviceHealthClient, SilentDeviceAnswer
from stadtfunk.commands.time_texts import length_text
from stadtfunk.commands.words import Asked, Words, add_server, bounded
from stadtfunk.tables import instant_text, show, table

_SHOWN = 50


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    del settings
    silent = words.add_parser("silent-devices", help="devices that should have spoken, and have not")
    add_server(silent)
    silent.add_argument("--zone", default="", help="only devices that the registry puts in this zone")
    silent.add_argument("--limit", type=bounded(1, 100_000), default=_SHOWN)
    silent.set_defaults(do=lambda asked: asyncio.run(_silent(asked)))


async def _silent(asked: Asked) -> None:
    async with DeviceHealthClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        print_silent(await client.list_silent_devices(limit=asked.limit, zone=asked.zone))


def print_silent(devices: Sequence[SilentDeviceAnswer]) -> None:
    """Print silent devices, one a line."""
    if not devices:
        print("no silent devices")
        return
    rows = [
        (
            each.dev_eui,
            each.zone,
            "never" if each.never_heard else instant_text(each.since_ns),
            length_text(each.expected_interval_ns),
            "" if each.battery_percent is None else f"{each.battery_percent:g}",
            "" if each.battery_volts is None else f"{each.battery_volts:g}",
        )
        for each in devices
    ]
    numbers = ("expected every", "battery %", "battery V")
    show(table(("device", "zone", "last heard (UTC)", *numbers), rows, right=numbers))
