"""``stadtfunk process``: from raw uplinks to accounted frames, readings and device states."""

import argparse
from contextlib import AsyncExitStack
from functools import partial

from stadtfunk.commands.words import Words
from stadtfunk.container.on_kafka import OnKafka, check_topics
from stadtfunk.figures.on_kafka import assignment_figures, changelog_figures
from stadtfunk.roles.distributed import Running, add_role
from stadtfunk.roles.gone_sources import check_outages
from stadtfunk.roles.lag_watch import LagWatch


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    add_role(words, settings, "process", "one role: decode and account what stands in Kafka", OnKafka, _start)


async def _start(container: OnKafka, stack: AsyncExitStack) -> Running:
    await check_topics(container)
    await check_outages(container.settings(), container.memories())
    await stack.enter_async_context(container.payload_decoder())
    await stack.enter_async_context(container.producer())
    await stack.enter_async_context(container.consumer())
    processing, assignment, follower = container.processing(), container.assignment(), container.follower()
    repair = container.repair()
    await follower.catch_up()

    async def drain() -> None:
        follower.stop()
        repair.stop()
        await assignment.stop()

    return Running(
        {"process": processing.counts},
        [],
        drain,
        partial(check_topics, container),
        LagWatch(container.lag(), container.settings().kafka.process_group),
        changelog_figures(container.checkpoint()) + assignment_figures(assignment),
        lasting=[assignment.run(processing.work), follower.run(), repair.run()],
    )
