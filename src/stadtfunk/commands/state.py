"""``stadtfunk state DEVICE``: what processing remembers of a device."""

import argparse
import asyncio

from domain.device import DeviceMemory, device_state
from stadtfunk.commands.memory_text import memory_tables
from stadtfunk.commands.platform import add_platform, platform_settings
from stadtfunk.commands.words import Asked, Words, device
from stadtfunk.container.distributed import Distributed
from stadtfunk.container.embedded import Embedded
from stadtfunk.tables import print_device, show


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    parser = words.add_parser("state", parents=[settings], help="what processing remembers of a device")
    parser.add_argument("device", type=device, help="DevEUI")
    add_platform(parser)
    parser.set_defaults(do=lambda asked: asyncio.run(_state(asked)))


async def _state(asked: Asked) -> None:
    memory = await _memory(asked)
    print_device(memory.device, device_state(memory))
    if tables := memory_tables(memory):
        print()
        show(*tables)
    print(f"\nup to position {memory.offset} of its partition of the raw log")


async def _memory(asked: Asked) -> DeviceMemory:
    settings = platform_settings(asked)
    if asked.kafka:
        return await Distributed(settings=settings).memories().get(asked.device)
    container = Embedded(settings=settings)
    async with container.reading_only():
        return await container.memories().get(asked.device)
