"""``stadtfunk ingest``: from the network servers' brokers to Kafka, untouched."""

import argparse
from contextlib import AsyncExitStack
from functools import partial

from application.ingest import Ingest
from stadtfunk.commands.words import Words
from stadtfunk.container.distributed import Distributed
from stadtfunk.roles.distributed import Running, add_role, check_topics


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    add_role(words, settings, "ingest", "one role: from the network servers to Kafka", _start)


async def _start(container: Distributed, stack: AsyncExitStack) -> Running:
    await check_topics(container)
    await stack.enter_async_context(container.producer())
    ingests = {
        settings.name: Ingest(await stack.enter_async_context(source), container.log())
        for settings, source in zip(container.settings().sources, container.sources(), strict=True)
    }

    async def drain() -> None:
        for ingest in ingests.values():
            ingest.stop()

    stages = {f"ingest {name}": ingest.counts for name, ingest in ingests.items()}
    return Running(stages, [ingest.run() for ingest in ingests.values()], drain, partial(check_topics, container))
