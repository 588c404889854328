"""``stadtfunk redecode``: read the raw log again with the decoders of today."""

import argparse
import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from hashlib import sha256
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from application.errors import Refused
from application.open_parts import OpenParts
from application.pace import Pace
from application.reading_import import text_of
from application.redecode import Difference, Job, Reached, Redecoded, Redecoding
from domain.rfc3339 import format_rfc3339
from stadtfunk.commands.platform import add_platform, open_distributed, open_embedded, platform_settings
from stadtfunk.commands.words import Asked, Words, bounded, device, given, instant
from stadtfunk.roles.job_progress import JobProgress
from stadtfunk.script_codecs import decoders_of
from stadtfunk.settings import Settings
from stadtfunk.telemetry import set_up_logging

_NS_PER_US = 1_000
_MOST_SHOWN = 200
"""Differences on the screen; their number is told in any case."""
_SHARE_BESIDE = 25
"""Of its time, where roles are at work beside: the other three quarters are theirs."""
_NICE = 10
"""A job gives way to the roles on its machine; 19 would starve beside a busy one."""
_PROGRESS_FILE = "redecode.json"


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    parser = words.add_parser("redecode", parents=[settings], help="read the raw log again with the decoders of today")
    parser.add_argument(
        "--device-type", action="append", default=[], metavar="TYPE", help="only such devices; repeatable"
    )
    parser.add_argument("--device", action="append", default=[], type=device, metavar="DEVEUI", help="only this one")
    parser.add_argument("--since", type=instant, metavar="TIME", help="first receipt, RFC 3339; default: all there is")
    parser.add_argument("--until", type=instant, metavar="TIME", help="up to but not this receipt; default: now")
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    parser.add_argument(
        "--share",
        type=bounded(1, 100),
        metavar="PERCENT",
        help=f"of its time that the job works; default {_SHARE_BESIDE} with --kafka, beside the roles, else 100",
    )
    parser.add_argument(
        "--progress",
        type=given,
        metavar="FILE",
        help="remembers how far it came, for the same words to go on there once it was killed; default: the platform's"
        " folder, and none with --kafka",
    )
    add_platform(parser)
    parser.set_defaults(do=lambda asked: asyncio.run(_redecode(asked)))


async def _redecode(asked: Asked) -> None:
    settings = platform_settings(asked)
    set_up_logging(settings.log)
    async with OpenParts() as stack:
        _check_types(asked.device_type, settings)
        progress = _progress(asked, settings)
        unfinished = progress.unfinished() if progress is not None else None
        redecoding, now_us = await _opened(settings, stack, asked)
        job, resumed = (_asked_job(asked, now_us), None) if unfinished is None else unfinished
        if resumed is not None:
            print(f"goes on at {format_rfc3339(resumed.received_us * _NS_PER_US)}; what is told is of the rest")
        if asked.kafka:
            os.nice(_NICE)
        shown = _Shown()
        done = await _run(redecoding, job, shown.show, progress, resumed, asked)
        _conclude(done, shown, dry_run=asked.dry_run)


def _asked_job(asked: Asked, now_us: int) -> Job:
    until_us = now_us if asked.until is None else asked.until // _NS_PER_US
    since_us = 0 if asked.since is None else asked.since // _NS_PER_US
    return Job(since_us, until_us, now_us, frozenset(asked.device_type), frozenset(asked.device))


def _progress(asked: Asked, settings: Settings) -> JobProgress | None:
    """Return where the job remembers how far it came; None: nowhere."""
    default = None if asked.kafka else Path(settings.data.folder, _PROGRESS_FILE)
    path = Path(asked.progress) if asked.progress else default
    return None if path is None or asked.dry_run else JobProgress(path, _question(asked, settings))


def _question(asked: Asked, settings: Settings) -> Mapping[str, str]:
    """Return what makes two jobs the same: half of one and half of another would be neither."""
    decoders = sorted(
        f"{name} {choice.codec.label} {choice.firmware} {choice.valid_from_ns}"
        for name, choices in decoders_of(settings).types().items()
        for choice in choices
    )
    return {
        "since": str(asked.since),
        "until": str(asked.until),
        "devices": " ".join(sorted(asked.device)),
        "device types": " ".join(sorted(asked.device_type)),
        "decoders": sha256("\n".join(decoders).encode()).hexdigest(),
    }


def _check_types(device_types: Sequence[str], settings: Settings) -> None:
    """Return if every type that is asked for has a decoder: a misspelt one would find nothing to do.

    Raises:
        Refused: one has none.
    """
    decoders = decoders_of(settings)
    for name in device_types:
        if not decoders.knows(name):
            known = ", ".join(sorted(decoders.types()))
            raise Refused(f"device type {name!r} has no decoder; there are {known}", device_type=name)


async def _opened(settings: Settings, stack: AsyncExitStack, asked: Asked) -> tuple[Redecoding, int]:
    """Return what runs jobs, and the time by the platform's clock."""
    if not asked.kafka:
        embedded = await open_embedded(settings, stack, dry_run=asked.dry_run)
        return embedded.redecoding(), embedded.clock().now_us()
    distributed = await open_distributed(settings, stack)
    await stack.enter_async_context(distributed.session())
    return distributed.redecoding(), distributed.clock().now_us()


async def _run(
    redecoding: Redecoding,
    job: Job,
    show: Callable[[Difference], None],
    progress: JobProgress | None,
    resumed: Reached | None,
    asked: Asked,
) -> Redecoded:
    console = Console(stderr=True)
    pace = Pace((asked.share or (_SHARE_BESIDE if asked.kafka else 100)) / 100)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading the log", total=None)
        began_us = job.since_us

        def reached(how_far: Reached) -> None:
            nonlocal began_us
            began_us = began_us or how_far.received_us
            bar.update(task, total=job.until_us - began_us, completed=how_far.received_us - began_us)
            if progress is not None:
                progress.keep(job, how_far)

        done = await redecoding.run(job, dry_run=asked.dry_run, tell=show, reached=reached, resumed=resumed, pace=pace)
    if progress is not None:
        progress.end()
    return done


class _Shown:
    """Differences on the screen, up to a number."""

    def __init__(self) -> None:
        self.left_out = 0
        self._shown = 0

    def show(self, difference: Difference) -> None:
        """Print one line."""
        if self._shown == _MOST_SHOWN:
            self.left_out += 1
            return
        self._shown += 1
        before = "–" if difference.before is None else text_of(difference.before.reading)
        after = "–" if difference.after is None else text_of(difference.after)
        what = f"{difference.measurand}/{difference.channel}"
        print(f"{difference.dev_eui} {format_rfc3339(difference.event_ns)} {what}: {before} → {after}")


def _conclude(done: Redecoded, shown: _Shown, *, dry_run: bool) -> None:
    if shown.left_out:
        print(f"… and {shown.left_out} more")
    print(
        f"{'dry run, nothing is stored: ' if dry_run else ''}"
        f"{done.uplinks} uplinks read, {done.observations} observations;"
        f" readings: {done.same} same, {done.changed} changed, {done.added} added, {done.withdrawn} withdrawn"
    )
    for reason, count in done.dead.most_common():
        print(f"{count} payloads cannot be read by today's decoders either ({reason}): what was made of them stays")
