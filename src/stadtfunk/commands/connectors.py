"""``stadtfunk connectors status``: the list of connectors, each with its state, its progress, and whether that is true.

Ends with 1 where something is wrong, and says on standard error what it is and what to do. ``--alive`` is the question
of whoever starts a process again: whether that would help.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from threading import Timer

import msgspec
from rich.table import Table

from application.connectors import OF_THE_FAR_END, Listed, listed
from application.errors import NotFound, Unavailable, Unwell
from application.ports.connector_reports import ConnectorReport
from stadtfunk.commands.words import Asked, Words, chosen_connectors, given, settings_of
from stadtfunk.container.connectors import Connectors
from stadtfunk.container.distributed import Distributed
from stadtfunk.exit_codes import OK
from stadtfunk.settings import ConnectorSettings
from stadtfunk.tables import instant_text, show, table

_US_PER_S = 1_000_000
_NS_PER_US = 1_000
_ANSWER_S = 15.0
"""For Kafka to answer a probe, which has its own deadline: deploy/k8s gives it 30 s."""
_LATEST_S = 22.0
"""For a probe to end: 15 s, 5 s to let go of Kafka, and some room."""


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the words."""
    connectors = words.add_parser("connectors", help="how the connectors are")
    what = connectors.add_subparsers(metavar="WHAT", required=True)
    status = what.add_parser("status", parents=[settings], help="list them; ends with 1 where something is wrong")
    status.add_argument("--only", nargs="+", type=given, default=[], metavar="NAME", help="these alone")
    status.add_argument(
        "--alive",
        action="store_true",
        help="for a liveness probe: print no list, look at this instance_id alone, and end with 1 only where a new"
        " start of the process helps",
    )
    status.add_argument("--json", action="store_true", help="one JSON object a line, for programs")
    status.add_argument("--wide", action="store_true", help="with kinds and counts")
    status.set_defaults(do=_ask_status)
    forget = what.add_parser("forget", parents=[settings], help="drop the reports of one that was taken away")
    forget.add_argument("name", type=given, metavar="NAME")
    forget.set_defaults(do=lambda asked: asyncio.run(_forget(asked)))


def _ask_status(asked: Asked) -> None:
    """Ask; a probe ends in time though a thread of it hangs, mostly in asking for the address of Kafka.

    asyncio would wait for the thread, and whoever sent the probe take its silence for ours.
    """
    late = Timer(_LATEST_S, os._exit, [OK])
    late.daemon = True
    if asked.alive:
        late.start()
    try:
        asyncio.run(_status(asked))
    finally:
        late.cancel()


async def _status(asked: Asked) -> None:
    container = Distributed(settings=settings_of(asked))
    chosen = chosen_connectors(container.settings(), asked.only, "connectors status")
    if asked.alive:
        await _alive(container, chosen)
        return
    reports = [each for each in await _reports(container) if not asked.only or each.name in asked.only]
    now_us = container.clock().now_us()
    found = _listed(chosen, reports, now_us)
    if asked.json:
        sys.stdout.writelines(f"{json_line(each, now_us)}\n" for each in found)
    else:
        show(connectors_table(found, now_us, wide=asked.wide))
    complain(found)


def _listed(chosen: Sequence[ConnectorSettings], reports: Sequence[ConnectorReport], now_us: int) -> list[Listed]:
    paused = {each.name for each in chosen if each.paused}
    return listed({each.name: each.kind for each in chosen}, reports, now_us, paused)


async def _alive(container: Distributed, chosen: Sequence[ConnectorSettings]) -> None:
    """Return if the process of this instance does what it can.

    Nobody may be killed for a Kafka that does not answer: that says nothing of the process, and ends it by itself once
    that has lasted too long.

    Raises:
        Unwell: it does not, and started again it may.
    """
    names, instance = {each.name for each in chosen}, container.settings().kafka.instance_id
    try:
        async with asyncio.timeout(_ANSWER_S):
            told = await _reports(container)
    except (Unavailable, TimeoutError) as error:
        print(f"nobody can be asked: {str(error) or 'no answer in time'}", file=sys.stderr)
        return
    reports = [each for each in told if each.name in names and each.instance == instance]
    found = _listed(chosen, reports, container.clock().now_us())
    complain([each for each in found if each.trouble is None or each.trouble.reason not in OF_THE_FAR_END])


async def _reports(container: Distributed) -> Sequence[ConnectorReport]:
    try:
        return await Connectors(container).reports().newest()
    except Unavailable:
        async with container.topics_migration() as migration:
            await migration.check()  # is the topic missing, it says so
        raise


async def _forget(asked: Asked) -> None:
    container = Distributed(settings=settings_of(asked))
    reported = {each.name for each in await _reports(container)}
    if asked.name not in reported:
        known = ", ".join(sorted(reported)) or "none"
        raise NotFound(f"no connector {asked.name!r} ever reported; there are {known}", connector=asked.name)
    async with container.producer():
        await Connectors(container).reports().forget(asked.name)


def complain(found: Sequence[Listed]) -> None:
    """Return if all is well.

    Raises:
        Unwell: how many are not; what is wrong with each stands on standard error before.
    """
    bad = {_name(each): each.trouble for each in found if each.trouble is not None}
    for name, trouble in bad.items():
        print(f"{name}: {trouble.what}; {trouble.remedy}", file=sys.stderr)
    if bad:
        raise Unwell(f"{len(bad)} of {len(found)} connectors are not well: {', '.join(bad)}")


def connectors_table(found: Sequence[Listed], now_us: int, *, wide: bool = False) -> Table:
    """Return the connectors, one a line; ``wide``: with kinds and counts."""
    columns = {name: cell for name, cell in _COLUMNS.items() if wide or name not in _WIDE}
    rows = [tuple(cell(each, now_us) for cell in columns.values()) for each in found]
    return table(tuple(columns), rows, right=("lag", "waiting s", *_COUNTS), sentences=("last error",))


def json_line(each: Listed, now_us: int) -> str:
    """Return one connector as JSON: what it reported, and what is made of it."""
    trouble = each.trouble
    told = {
        "name": each.name,
        "kind": each.kind,
        "state": each.state,
        "ok": trouble is None,
        "trouble": trouble.reason if trouble else "",
        "what": trouble.what if trouble else "",
        "remedy": trouble.remedy if trouble else "",
    }
    if each.report is not None:
        fields = {name: getattr(each.report, name) for name in each.report.__struct_fields__}
        fields["reported_state"] = fields.pop("state")
        told |= {**fields, "waiting_s": _waiting_s(each.report, now_us)}
    return msgspec.json.encode(told).decode()


def _name(each: Listed, _: int = 0) -> str:
    return each.report.key if each.report is not None else each.name


def _instant(us: int) -> str:
    return instant_text(us * _NS_PER_US)


def _waiting_s(report: ConnectorReport, now_us: int) -> float:
    return max(0, now_us - report.waiting_since_us) / _US_PER_S if report.waiting_since_us else 0.0


def _canary(report: ConnectorReport, now_us: int) -> str:
    """Return how long ago the last canary came back."""
    if not report.canary_every_us:
        return ""
    if not report.canary_back_us:
        return "none yet"
    return f"{max(0, now_us - report.canary_back_us) / _US_PER_S:.0f} s ago"


def _of_report(text: Callable[[ConnectorReport, int], str]) -> Callable[[Listed, int], str]:
    return lambda each, now_us: text(each.report, now_us) if each.report is not None else ""


_COUNTS = ("in", "out", "dead", "redelivered", "ignored")
_WIDE = frozenset(("kind", *_COUNTS))
_COLUMNS: Mapping[str, Callable[[Listed, int], str]] = {
    "connector": _name,
    "state": lambda each, _: each.state,
    "trouble": lambda each, _: each.trouble.reason if each.trouble is not None else "",
    "kind": lambda each, _: each.kind,
    "last event (UTC)": _of_report(lambda report, _: _instant(report.last_event_us)),
    "last success (UTC)": _of_report(lambda report, _: _instant(report.last_success_us)),
    "lag": _of_report(lambda report, _: str(report.lag)),
    "waiting s": _of_report(lambda report, now_us: f"{_waiting_s(report, now_us):.0f}"),
    "canary": _of_report(_canary),
    "in": _of_report(lambda report, _: str(report.came_in)),
    "out": _of_report(lambda report, _: str(report.out)),
    "dead": _of_report(lambda report, _: str(report.dead)),
    "redelivered": _of_report(lambda report, _: str(report.redelivered)),
    "ignored": _of_report(lambda report, _: str(report.ignored)),
    "last error": _of_report(
        lambda report, _: f"{_instant(report.last_error_us)} {report.last_error}" if report.last_error else ""
    ),
}
