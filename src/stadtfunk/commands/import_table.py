"""``stadtfunk import KIND FILE``: a table of devices, master data or readings, into a running stadtfunk.

Good rows are kept, bad ones are told with line and reason; the same file may be given again, and doubles nothing.
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from adapters.csv.row_meaning import READINGS, RowMeaning
from adapters.csv.table import BadRow, Row, Table
from adapters.grpc.client import GrpcClient
from application.errors import Refused, Unavailable
from application.reading_import import Given, Imported
from application.record_merge import KINDS, Draft, Merged
from domain.errors import DomainError
from stadtfunk.commands.words import Asked, Words, add_server, given, table_kind

_AT_ONCE = 500
"""Rows in one request: some 150 kB, stored in well under a second."""
_CHARACTERS_AT_ONCE = 200_000
"""In the cells of one request: a server takes 2 MB, and a character may be six bytes of JSON."""
_MOST_TOLD = 1_000
"""Changes that a dry run tells; their number is told in any case."""

_BAR = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), DownloadColumn(), TimeRemainingColumn())


class Told(Struct):
    """What came of one row."""

    line: int
    action: str
    what: str = ""
    """Of a change: fields before and after. Of a refusal: the reason."""


Batch = list[tuple[int, Draft | Given]]
Send = Callable[[Batch], Awaitable[list[Told]]]


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    del settings
    kinds = ", ".join([READINGS, "positions", *sorted(name.replace("_", "-") + "s" for name in KINDS)])
    parser = words.add_parser("import", help="a CSV table of devices, master data or readings")
    parser.add_argument("kind", type=table_kind, metavar="KIND", help=kinds)
    parser.add_argument("file", type=given, metavar="FILE", help="CSV in UTF-8 with a header (docs/registry.md)")
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    add_server(parser)
    parser.set_defaults(do=lambda asked: asyncio.run(import_file(asked)))


async def import_file(asked: Asked) -> None:
    """Import and report.

    Raises:
        Refused: the file is no table; or rows were refused, after all others were stored.
    """
    counts: Counter[str] = Counter()
    with Table(Path(asked.file)) as table:
        read = _reader(asked.kind, table)
        async with GrpcClient(asked.server, ca_file=asked.ca_file, call_s=asked.timeout) as client:
            send = partial(_send_readings if asked.kind == READINGS else _send_records, client, asked.dry_run)
            try:
                await _rows(table, read, send, partial(_tell, counts, dry_run=asked.dry_run))
            except Unavailable as error:
                done = counts.total()
                raise Unavailable(f"{error.message}; {done} rows are done: give the same file again") from error
    _conclude(asked, counts)


async def _rows(
    table: Table, read: Callable[[Row], Draft | Given], send: Send, tell: Callable[[Iterable[Told]], None]
) -> None:
    console = Console(stderr=True)
    with Progress(*_BAR, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("importing", total=table.size)
        for chunk in _chunks(table.rows()):
            batch, bad = _understood(chunk, read)
            told = [*bad, *(await send(batch) if batch else [])]
            tell(sorted(told, key=lambda each: each.line))
            progress.update(task, completed=table.read)


def _chunks(rows: Iterator[Row | BadRow]) -> Iterator[list[Row | BadRow]]:
    """Yield ``rows`` as many at once as a request takes."""
    chunk: list[Row | BadRow] = []
    length = 0
    for row in rows:
        chunk.append(row)
        length += sum(map(len, row.cells.values())) if isinstance(row, Row) else 0
        if len(chunk) == _AT_ONCE or length > _CHARACTERS_AT_ONCE:
            yield chunk
            chunk, length = [], 0
    if chunk:
        yield chunk


def _understood(rows: Sequence[Row | BadRow], read: Callable[[Row], Draft | Given]) -> tuple[Batch, list[Told]]:
    batch: Batch = []
    bad: list[Told] = []
    for row in rows:
        if isinstance(row, BadRow):
            bad.append(Told(row.line, "refused", row.message))
            continue
        try:
            batch.append((row.line, read(row)))
        except DomainError as error:
            bad.append(Told(row.line, "refused", error.message))
    return batch, bad


def _reader(kind: str, table: Table) -> Callable[[Row], Draft | Given]:
    """Return what makes a draft or a reading of a row.

    Raises:
        Refused: the header has columns that mean nothing.
    """
    meaning = RowMeaning(kind)
    try:
        meaning.check(table.columns)
    except Refused as error:
        raise Refused(f"the header: {error.message}") from error
    return lambda row: meaning.said(row.cells, decimal_comma=table.has_decimal_comma)


async def _send_records(client: GrpcClient, dry_run: bool, batch: Batch) -> list[Told]:  # noqa: FBT001  as asked
    drafts = [draft for _, draft in batch if isinstance(draft, Draft)]
    results = await client.merge_records(drafts, dry_run=dry_run)
    return [_of_record(line, merged) for (line, _), merged in zip(batch, results, strict=True)]


async def _send_readings(client: GrpcClient, dry_run: bool, batch: Batch) -> list[Told]:  # noqa: FBT001  as asked
    readings = [reading for _, reading in batch if isinstance(reading, Given)]
    results = await client.import_readings(readings, dry_run=dry_run)
    pairs = zip(batch, readings, results, strict=True)
    return [_of_reading(line, reading, imported) for (line, _), reading, imported in pairs]


def _of_record(line: int, merged: Merged) -> Told:
    if merged.refusal:
        return Told(line, merged.action, merged.refusal.get("message", ""))
    changes = ", ".join(f"{each.field} {each.before or '–'} → {each.after or '–'}" for each in merged.changes)
    return Told(line, merged.action, f"{merged.key}: {changes}")


def _of_reading(line: int, given_: Given, imported: Imported) -> Told:
    if imported.message:
        return Told(line, imported.action, imported.message)
    value = f"{imported.before or '–'} → {given_.value}"
    return Told(line, imported.action, f"{given_.device} {given_.measurand}/{given_.channel}: {value}")


def _tell(counts: Counter[str], told: Iterable[Told], *, dry_run: bool) -> None:
    """Count what came of rows; say what was refused, and in a dry run what would change."""
    for each in told:
        counts[each.action] += 1
        if each.action == "refused":
            print(f"line {each.line}: {each.what}", file=sys.stderr)
        elif dry_run and each.action != "unchanged" and counts["created"] + counts["changed"] <= _MOST_TOLD:
            print(f"line {each.line}: would be {each.action}: {each.what}")


def _conclude(asked: Asked, counts: Counter[str]) -> None:
    words = ", ".join(f"{counts[action]} {action}" for action in ("created", "changed", "unchanged", "refused"))
    print(f"{'dry run, nothing is stored: ' if asked.dry_run else ''}{words}")
    if counts["refused"]:
        raise Refused(f"{counts['refused']} rows of {asked.file} are refused: mend them and give the file again")
