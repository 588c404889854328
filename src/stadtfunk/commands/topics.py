"""``stadtfunk topics``: what our topics are like, and where that differs from what they must be."""

import argparse
import asyncio
from collections.abc import Sequence

from rich.table import Table

from adapters.kafka.inspection import TopicReport, topic_reports
from application.errors import Unwell
from stadtfunk.commands.words import Asked, Words, settings_of
from stadtfunk.container.on_kafka import OnKafka
from stadtfunk.tables import show, table


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    parser = words.add_parser("topics", parents=[settings], help="our topics: partitions, records, wrong settings")
    parser.set_defaults(do=lambda asked: asyncio.run(_topics(asked)))


async def _topics(asked: Asked) -> None:
    container = OnKafka(settings=settings_of(asked))
    reports = await topic_reports(container.connection(), container.topics())
    show(topics_table(reports))
    if wrong := [each for each in reports if each.wrong]:
        raise Unwell("; ".join(f"topic {each.shape.name!r} {what}" for each in wrong for what in each.wrong))


def topics_table(reports: Sequence[TopicReport]) -> Table:
    """Return topics, one a line."""
    rows = [
        (
            each.shape.name,
            str(each.found.partitions) if each.found else "",
            str(each.found.replication_factor) if each.found else "",
            str(each.records) if each.found else "",
            each.found.configuration.get("cleanup.policy", "") if each.found else "",
            "; ".join(each.wrong),
            "; ".join(each.chosen),
        )
        for each in reports
    ]
    headings = ("topic", "partitions", "replicas", "records", "kept by", "wrong", "chosen otherwise")
    return table(headings, rows, right=("partitions", "replicas", "records"))
