"""``stadtfunk sink``: from Kafka to Cassandra."""

import argparse
import asyncio
from contextlib import AsyncExitStack
from functools import partial

from stadtfunk.commands.words import Words
from stadtfunk.container.distributed import Distributed
from stadtfunk.container.on_kafka import check_topics
from stadtfunk.roles.distributed import Running, add_role
from stadtfunk.roles.lag_watch import LagWatch


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    add_role(words, settings, "sink", "one role: from Kafka to Cassandra", Distributed, _start)


async def _start(container: Distributed, stack: AsyncExitStack) -> Running:
    await check_topics(container)
    session = await stack.enter_async_context(container.session())
    await stack.enter_async_context(container.producer())
    feed = await stack.enter_async_context(container.feed())
    sink, stopped = container.sink(), asyncio.Event()

    async def drain() -> None:
        stopped.set()
        await feed.stop()

    return Running(
        {"sink": sink.counts},
        [],
        drain,
        partial(check_topics, container),
        LagWatch(container.lag(), container.settings().kafka.sink_group),
        lasting=[sink.run(), session.watch(stopped)],
    )
