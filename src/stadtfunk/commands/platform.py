"""Which platform a word works on, and how it is opened for one: the folder of the embedded one, or the distributed one.

Embedded, the platform must be stopped for a word that changes something (a dry run may look while it runs);
distributed, a word runs beside.
"""

import argparse
from contextlib import AsyncExitStack

from dependency_injector import providers
from msgspec.structs import replace

from adapters.sqlite.database import SqliteDatabase
from stadtfunk.commands.words import Asked, given, settings_of
from stadtfunk.container.distributed import Distributed
from stadtfunk.container.embedded import Embedded
from stadtfunk.container.on_kafka import check_topics
from stadtfunk.settings import Settings


def add_platform(parser: argparse.ArgumentParser) -> None:
    """Add which platform it is."""
    platform = parser.add_mutually_exclusive_group()
    platform.add_argument("--data", type=given, metavar="FOLDER", help="folder of the embedded platform")
    platform.add_argument("--kafka", action="store_true", help="of the distributed platform")


def platform_settings(asked: Asked) -> Settings:
    """Return the settings the command line names, with the folder that it names.

    Raises:
        SettingsInvalid: with all mistakes.
    """
    settings = settings_of(asked)
    return replace(settings, data=replace(settings.data, folder=asked.data)) if asked.data else settings


async def open_embedded(settings: Settings, stack: AsyncExitStack, *, dry_run: bool) -> Embedded:
    """Return the embedded platform with its folder open, its registry known, and nothing at work."""
    container = existing(settings)
    if dry_run:
        container.database.override(providers.Singleton(SqliteDatabase, container.folder(), read_only=True))
    await stack.enter_async_context(container.payload_decoder())
    await stack.enter_async_context(container.database())
    await container.registry().load()
    return container


def existing(settings: Settings) -> Embedded:
    """Return the embedded platform, whose folder there is: a folder that is named by mistake is not made one.

    Raises:
        Refused: there is no data in it.
    """
    container = Embedded(settings=settings)
    SqliteDatabase(container.folder()).uplinks.check_there()
    return container


async def open_distributed(settings: Settings, stack: AsyncExitStack) -> Distributed:
    """Return the distributed platform with its topics looked at and its registry known."""
    container = await checked(settings)
    await stack.enter_async_context(container.payload_decoder())
    await container.follower().catch_up()
    return container


async def checked(settings: Settings) -> Distributed:
    """Return the distributed platform, whose topics are as this version needs them.

    Raises:
        WrongShape: what is wrong, and what mends it.
        Unavailable: Kafka does not answer.
    """
    container = Distributed(settings=settings)
    await check_topics(container)
    return container
