"""``stadtfunk connect``: all connectors of the settings, or some, in one process.

The first that fails ends the process with its exit code, for a supervisor to start it again; the last report of each
says what became of it.
"""

import argparse
import asyncio
import logging
import os
import socket
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from types import TracebackType

from application.connectors import Reporter, Supervised
from application.errors import ApplicationError, WrongShape
from stadtfunk.commands.words import Asked, Words, chosen_connectors, given, settings_of
from stadtfunk.container.connectors import Connectors
from stadtfunk.container.distributed import Distributed
from stadtfunk.container.on_kafka import check_topics
from stadtfunk.figures.connectors import connector_figures
from stadtfunk.roles.distributed import Running, run_role
from stadtfunk.roles.supervision import run_to_its_end
from stadtfunk.settings import (
    CassandraSourceSettings,
    ConnectorSettings,
    CsvSourceSettings,
    SettingsInvalid,
)
from stadtfunk.settings.connectors import CassandraSinkSettings

_log = logging.getLogger(__name__)
_IN_CASSANDRA = (CsvSourceSettings, CassandraSourceSettings, CassandraSinkSettings)
"""What stores in our keyspace: registry, readings, results."""


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    connect = words.add_parser("connect", parents=[settings], help="the connectors of the settings, in one process")
    connect.add_argument("--only", nargs="+", type=given, default=[], metavar="NAME", help="these alone")
    connect.set_defaults(do=_connect)


def _connect(asked: Asked) -> None:
    settings = settings_of(asked)
    if not settings.connectors:
        raise SettingsInvalid("connect", ["the settings have no [[connectors]] (docs/connectors.md)"])
    chosen = chosen_connectors(settings, asked.only, "connect")
    run_to_its_end(run_role(settings, "connect", Distributed, partial(_start, chosen)))


async def _start(chosen: Sequence[ConnectorSettings], container: Distributed, stack: AsyncExitStack) -> Running:
    connectors = Connectors(container)
    all_ = [connectors.supervised(each) for each in chosen]
    reporter = _reporter(container, connectors, all_)
    try:
        await check_topics(container)
    except WrongShape as error:
        await _tell_of_topics(container, reporter, error)
        raise
    await stack.enter_async_context(container.producer())
    stack.push_async_exit(partial(_tell_the_end, reporter))
    stopped = asyncio.Event()
    running = [each for each in all_ if each.progress.state != "PAUSED"]
    watching = []
    if any(isinstance(each, _IN_CASSANDRA) and not each.paused for each in chosen):
        session = await stack.enter_async_context(container.session())
        watching.append(session.watch(stopped))
    lasting = [reporter.run(stopped), *watching, *(each.run() for each in running)]

    async def drain() -> None:
        stopped.set()
        for each in running:
            await each.stop()

    stages = {f"connect {each.name}": each.counts for each in running}
    figures = connector_figures(all_, container.clock())
    return Running(stages, [], drain, partial(check_topics, container), figures=figures, lasting=lasting)


def _reporter(container: Distributed, connectors: Connectors, supervised: Sequence[Supervised]) -> Reporter:
    return Reporter(
        connectors.reports(),
        supervised,
        container.clock(),
        instance=container.settings().kafka.instance_id,
        host=socket.gethostname(),
        pid=os.getpid(),
    )


async def _tell_of_topics(container: Distributed, reporter: Reporter, error: WrongShape) -> None:
    """Report what is wrong with the topics, unless that of reports is missing: a broker may make it, as it pleases.

    That it cannot be reported is told in the log: what is wrong with the topics stays what the process ends with.
    """
    try:
        async with container.topics_migration() as migration:
            if container.topics().connectors not in await migration.found():
                return
        async with container.producer():
            await reporter.report_end(error)
    except ApplicationError as later:
        _log.warning("the state of the connectors cannot be told: %s", later)


async def _tell_the_end(
    reporter: Reporter, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
) -> None:
    del kind, at
    await reporter.report_end(error)
