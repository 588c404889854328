"""Jobs over the raw log, of either platform: what their words have in common, and how the platform is opened for them.

Embedded, the platform must be stopped for a job (a dry run may look while it runs); distributed, a job runs beside.
"""

import argparse
from contextlib import AsyncExitStack

from dependency_injector import providers
from msgspec.structs import replace

from adapters.sqlite.database import SqliteDatabase
from stadtfunk.commands.words import Asked, given, settings_of
from stadtfunk.container.distributed import Distributed
from stadtfunk.container.embedded import Embedded
from stadtfunk.roles.distributed import check_topics
from stadtfunk.settings import Settings
from stadtfunk.telemetry import set_up_logging


def add_platform(parser: argparse.ArgumentParser) -> None:
    """Add which platform's log it is."""
    parser.add_argument("--data", type=given, metavar="FOLDER", help="folder of the embedded platform")
    parser.add_argument("--kafka", action="store_true", help="of the distributed platform")


def job_settings(asked: Asked) -> Settings:
    """Return the settings of a job, whose log goes where they say from now on."""
    settings = settings_of(asked)
    set_up_logging(settings.log)
    return replace(settings, data=replace(settings.data, folder=asked.data)) if asked.data else settings


async def open_embedded(settings: Settings, stack: AsyncExitStack, *, dry_run: bool) -> Embedded:
    """Return the embedded platform with its folder open, its registry known, and nothing at work."""
    container = Embedded(settings=settings)
    if dry_run:
        container.database.override(providers.Singleton(SqliteDatabase, container.folder(), read_only=True))
    await stack.enter_async_context(container.payload_decoder())
    await stack.enter_async_context(container.database())
    await container.registry().load()
    return container


async def open_distributed(settings: Settings, stack: AsyncExitStack) -> Distributed:
    """Return the distributed platform with its topics looked at and its registry known."""
    container = Distributed(settings=settings)
    await check_topics(container)
    await stack.enter_async_context(container.payload_decoder())
    await container.follower().catch_up()
    return container
