"""``stadtfunk lag``: do the consumers keep up with what they read?

Judged by Burrow's rules (``application.lag``); ends with 1 where a group is not ``OK``.
"""

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table

from application.errors import Unwell
from application.lag import GroupLag, Lag, PartitionLag, Status
from stadtfunk.commands.words import Asked, Words, bounded, given, settings_of
from stadtfunk.container.on_kafka import OnKafka
from stadtfunk.tables import instant_text, show, table

_EVERY_S = 10
_NS_PER_MS = 1_000_000


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    lag = words.add_parser("lag", parents=[settings], help="do the consumers keep up with what they read?")
    lag.add_argument("--group", action="append", default=[], type=given, help="default: ours; repeatable")
    lag.add_argument("--watch", action="store_true", help="look again and again, until Ctrl-C")
    lag.add_argument("--every", type=bounded(1, 3_600), default=_EVERY_S, metavar="SECONDS", help="with --watch")
    lag.set_defaults(do=lambda asked: asyncio.run(_lag(asked)))


async def _lag(asked: Asked) -> None:
    lag = OnKafka(settings=settings_of(asked)).lag()
    if asked.watch:
        await _watch(lag, asked.group, asked.every)
        return
    found = await lag.of(*asked.group)
    show(*lag_tables(found))
    complain(found)


async def _watch(lag: Lag, groups: Sequence[str], every_s: int) -> None:
    console = Console()
    view = Live(console=console, auto_refresh=False, screen=True) if console.is_terminal else None
    around: AbstractContextManager[object] = view or nullcontext()
    with around:
        while True:
            tables = lag_tables(await lag.of(*groups))
            if view is not None:
                view.update(Group(*tables), refresh=True)
            else:
                show(*tables)
            await asyncio.sleep(every_s)


def complain(groups: Sequence[GroupLag]) -> None:
    """Return if all is well.

    Raises:
        Unwell: names the groups and partitions that are not.
    """
    bad = [_complaint(each) for each in groups if each.status is not Status.OK]
    if bad:
        raise Unwell("; ".join(bad))


def _complaint(group: GroupLag) -> str:
    if group.status is Status.NOTFOUND:
        return f"group {group.group!r} never committed anything: NOTFOUND"
    places = ", ".join(
        f"{each.status.name} at {each.topic}/{each.partition}"
        for each in group.partitions
        if each.status is not Status.OK
    )
    return f"group {group.group!r}: {group.status.name} ({places})"


def lag_tables(groups: Sequence[GroupLag]) -> list[Table]:
    """Return a table of the groups, and one of their partitions."""
    rows = [
        (
            each.group,
            each.status.name,
            str(each.lag),
            f"{each.lag_s:.1f}",
            f"{each.worst.topic}/{each.worst.partition}" if each.worst is not None and each.worst.lag else "",
            f"{each.complete:.0%}",
        )
        for each in groups
    ]
    numbers = ("lag", "lag s", "complete")
    whole = table(("group", "status", "lag", "lag s", "greatest at", "complete"), rows, right=numbers)
    parts = [_row(group.group, each) for group in groups for each in group.partitions]
    if not parts:
        return [whole]
    headings = ("group", "partition", "status", "lag", "lag s", "complete", "committed (UTC)")
    return [whole, table(headings, parts, right=numbers)]


def _row(group: str, part: PartitionLag) -> tuple[str, ...]:
    return (
        group,
        f"{part.topic}/{part.partition}",
        part.status.name,
        str(part.lag),
        f"{part.lag_s:.1f}",
        f"{part.complete:.0%}",
        instant_text(part.committed_ms * _NS_PER_MS) if part.committed_ms is not None else "",
    )
