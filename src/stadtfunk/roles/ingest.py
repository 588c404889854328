"""``stadtfunk ingest``: from the network servers' brokers to Kafka, untouched."""

import argparse
from contextlib import AsyncExitStack
from functools import partial

from application.ingest import Ingest
from stadtfunk.commands.words import Words
from stadtfunk.container.on_kafka import OnKafka, check_topics
from stadtfunk.roles.distributed import Running, add_role
from stadtfunk.roles.ingest_parts import parts_of


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    add_role(words, settings, "ingest", "one role: from the network servers to Kafka", OnKafka, _start)


async def _start(container: OnKafka, stack: AsyncExitStack) -> Running:
    await check_topics(container)
    await stack.enter_async_context(container.producer())
    watches = container.watches()
    ingests = {
        settings.name: Ingest(await watches.before(settings, await stack.enter_async_context(source)), container.log())
        for settings, source in zip(container.settings().sources, container.sources(), strict=True)
    }

    async def drain() -> None:
        for ingest in ingests.values():
            ingest.stop()

    stages = {f"ingest {name}": ingest.counts for name, ingest in ingests.items()}
    may_end, lasting = parts_of(ingests, container.settings().sources)
    lasting += [each.run() for each in watches.watched]
    return Running(stages, may_end, drain, partial(check_topics, container), lasting=lasting)
