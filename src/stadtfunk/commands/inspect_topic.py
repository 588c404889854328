"""``stadtfunk inspect TOPIC``: records of our topics as lines of readable JSON."""

import argparse
import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing

from adapters.kafka.inspection import SeenRecord, TopicRecords
from application.errors import Refused
from stadtfunk.commands.record_text import RecordText
from stadtfunk.commands.words import Asked, Words, bounded, device, instant, settings_of
from stadtfunk.container.on_kafka import OnKafka

_SHOWN = 20
_NS_PER_MS = 1_000_000


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    parser = words.add_parser("inspect", parents=[settings], help="records of a topic, as readable JSON")
    parser.add_argument("topic", help="uplinks, observations, device-states, device-memory, …")
    parser.add_argument("--device", type=device, metavar="DEVEUI", help="only records about this device")
    parser.add_argument(
        "--from",
        dest="start",
        type=_start,
        metavar="WHERE",
        help=f"earliest, latest or a time (RFC 3339); without: the newest {_SHOWN}, or as many as --limit says",
    )
    parser.add_argument("--follow", action="store_true", help="go on with those that come, until Ctrl-C")
    parser.add_argument("--limit", type=bounded(1, 100_000_000), help="how many at most")
    parser.set_defaults(do=lambda asked: asyncio.run(_inspect(asked)))


async def _inspect(asked: Asked) -> None:
    container = OnKafka(settings=settings_of(asked))
    kafka = container.settings().kafka
    names = {name: getattr(kafka.topics, name) for name in kafka.topics.__struct_fields__}
    topic = _topic(asked.topic, names)
    granted = container.settings().rights.raw_messages
    text = RecordText(container.reader(), container.decoders(), raw_granted=granted)
    records = TopicRecords(container.connection(), container.topics(), names[topic])
    async with aclosing(_asked_for(records, asked)) as found:
        async for seen in found:
            sys.stdout.write(text.line(topic, seen).decode() + "\n")
            if asked.follow:
                sys.stdout.flush()


async def _asked_for(records: TopicRecords, asked: Asked) -> AsyncGenerator[SeenRecord, None]:
    about = asked.device or ""
    if asked.start is None and not asked.follow:
        async with aclosing(records.newest(about, asked.limit or _SHOWN)) as found:
            async for seen in found:
                yield seen
        return
    left = asked.limit
    start_ms = None if asked.start is None or asked.start < 0 else asked.start // _NS_PER_MS
    async with aclosing(records.since(about, start_ms, follow=asked.follow)) as found:
        async for seen in found:
            yield seen
            if left is not None:
                left -= 1
                if left == 0:
                    return


def _topic(name: str, names: dict[str, str]) -> str:
    """Return the setting of the topic that ``name`` means: the setting itself, or the topic's name.

    Raises:
        Refused: it is none of ours.
    """
    wanted = name.replace("-", "_")
    if wanted in names:
        return wanted
    for setting, topic in names.items():
        if topic == name:
            return setting
    known = ", ".join(setting.replace("_", "-") for setting in names)
    raise Refused(f"{name!r} is no topic of ours: one of {known} expected", topic=name)


def _start(text: str) -> int:
    """Return where to begin: 0 for the beginning, -1 for the end, else ns since 1970-01-01 UTC."""
    named = {"earliest": 0, "latest": -1}.get(text)
    return instant(text) if named is None else named
