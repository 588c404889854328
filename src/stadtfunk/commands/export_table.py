"""``stadtfunk export KIND``: master data or readings as a CSV table that ``stadtfunk import`` takes."""

import argparse
import asyncio
import csv
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, AsyncExitStack, nullcontext
from pathlib import Path
from typing import TextIO

from adapters.csv.reading_columns import READING_COLUMNS, reading_cells
from adapters.csv.record_columns import RecordColumns
from adapters.csv.row_meaning import READINGS
from adapters.csv.safe_cells import safe
from adapters.grpc.client import GrpcClient, Wanted
from application.errors import Refused
from application.record_merge import KINDS, SECRET_FIELDS, Fields
from stadtfunk.commands.whole_file import whole_file
from stadtfunk.commands.words import Asked, Words, add_server, device, given, instant, table_kind

Cells = dict[str, str]
_AT_ONCE = 50
"""Devices of one stream, which sends 10 million readings at most: five years of a reading every quarter of an hour."""


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    del settings
    parser = words.add_parser("export", help="master data or readings as a CSV table; secrets are left out")
    parser.add_argument("kind", type=table_kind, metavar="KIND", help="as for import")
    parser.add_argument("device", nargs="*", type=device, help="of readings: whose; without: of all devices")
    parser.add_argument("--out", type=given, metavar="FILE", help="write it there, whole or not at all")
    parser.add_argument("--prefix", default="", help="of master data: only keys that begin so")
    parser.add_argument("--since", type=instant, metavar="TIME", help="of readings: first instant, RFC 3339")
    parser.add_argument("--until", type=instant, metavar="TIME", help="of readings: up to but not this instant")
    add_server(parser)
    parser.set_defaults(do=_export)


def _export(asked: Asked) -> None:
    """Export; told to end (by `timeout`, in a nightly job) it takes with it what it has written beside the file."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    asyncio.run(export(asked))


async def export(asked: Asked) -> None:
    """Write the table that is asked for.

    Raises:
        Refused: a word would have no effect on a table of this kind, or the file cannot be written.
        Unavailable: the server does not answer. In all these cases the file is as it was.
    """
    _check(asked)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(GrpcClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout))
        if asked.kind == READINGS:
            columns, rows = list(READING_COLUMNS), _readings(client, asked)
        else:
            columns, rows = await _records(client, asked)
        out = stack.enter_context(_out(asked.out))
        table = csv.DictWriter(out, columns, lineterminator="\n")
        table.writeheader()
        async for row in rows:
            table.writerow({column: safe(cell) for column, cell in row.items()})


def _check(asked: Asked) -> None:
    of_readings = {"DEVICE": asked.device, "--since": asked.since, "--until": asked.until}
    unused = {"--prefix": asked.prefix} if asked.kind == READINGS else of_readings
    if said := [word for word, value in unused.items() if value not in (None, "", [])]:
        raise Refused(f"{', '.join(said)} has no effect on {asked.kind!r}: leave it out", option=said[0])


def _out(path: str | None) -> AbstractContextManager[TextIO]:
    return whole_file(Path(path)) if path else nullcontext(sys.stdout)


async def _records(client: GrpcClient, asked: Asked) -> tuple[list[str], AsyncIterator[Cells]]:
    """Return the columns and rows of a kind: which entries its dictionaries have, only all of them together say."""
    columns = RecordColumns(KINDS[asked.kind])
    rows = [
        columns.cells(_public(fields))
        async for page in client.list_records(asked.kind, prefix=asked.prefix)
        for fields in page
    ]
    named = {column for row in rows for column in row}
    known = [column for column in columns.known() if column in named or not named]
    return [*known, *sorted(named - set(known))], _each(rows)


def _public(fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if name not in SECRET_FIELDS}


async def _each(rows: list[Cells]) -> AsyncIterator[Cells]:
    for row in rows:
        yield row


async def _readings(client: GrpcClient, asked: Asked) -> AsyncIterator[Cells]:
    devices = asked.device or [each.dev_eui for each in await client.list_devices(limit=1_000_000)]
    for start in range(0, len(devices), _AT_ONCE):
        async for chunk in client.query_readings(devices[start : start + _AT_ONCE], Wanted(asked.since, asked.until)):
            for stored in chunk:
                yield reading_cells(stored)
