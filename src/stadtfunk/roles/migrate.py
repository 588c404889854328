"""``stadtfunk migrate``: create keyspace, tables and topics; what is there already stays as it is."""

import argparse
import asyncio

from stadtfunk.commands.words import Asked, Words, settings_of
from stadtfunk.container.distributed import Distributed
from stadtfunk.settings import Settings
from stadtfunk.telemetry import set_up_logging


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    migrate = words.add_parser("migrate", parents=[settings], help="create keyspace, tables and topics")
    migrate.set_defaults(do=_migrate)


def _migrate(asked: Asked) -> None:
    asyncio.run(_created(settings_of(asked)))


async def _created(settings: Settings) -> None:
    set_up_logging(settings.log)
    container = Distributed(settings=settings)
    async with container.topics_migration() as topics:
        created = await topics.migrate()
    print(f"topics: {'created ' + ', '.join(created) if created else 'all there'}")
    done = await container.cassandra_migration().migrate()
    print(f"keyspace {settings.cassandra.keyspace}: {'' if done else 'as this version and the settings need it'}")
    for line in done:
        print(f"  {line}")
