"""``stadtfunk devices list | get``: ask the gRPC API for devices and their state."""

import argparse
import asyncio

from adapters.grpc.client import GrpcClient
from stadtfunk.commands.words import Asked, Words, add_server, bounded, device
from stadtfunk.tables import print_device, print_devices

_SHOWN = 20


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the words."""
    del settings
    devices = words.add_parser("devices", help="devices and their state").add_subparsers(metavar="WHAT", required=True)
    listing = devices.add_parser("list", help="devices in the order of their DevEUI")
    add_server(listing)
    listing.add_argument("--type", default="", help="only devices of this type")
    listing.add_argument("--limit", type=bounded(1, 100_000), default=_SHOWN)
    listing.set_defaults(do=lambda asked: asyncio.run(_list(asked)))
    one = devices.add_parser("get", help="one device: master data, frame counts, latest readings")
    add_server(one)
    one.add_argument("device", type=device, help="DevEUI")
    one.set_defaults(do=lambda asked: asyncio.run(_get(asked)))


async def _list(asked: Asked) -> None:
    async with GrpcClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        print_devices(await client.list_devices(limit=asked.limit, device_type=asked.type))


async def _get(asked: Asked) -> None:
    async with GrpcClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
        print_device(*await client.get_device_and_state(asked.device))
