"""``stadtfunk run``: the embedded platform, everything in one process over one folder."""

import argparse
import asyncio
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial

from msgspec.structs import replace
from rich.console import Console
from rich.live import Live

from application.ingest import Ingest
from application.open_parts import OpenParts
from application.stopping import stopped_within
from stadtfunk.collector import spare_what_stays
from stadtfunk.commands.words import Asked, Words, bounded, given, rate, settings_of
from stadtfunk.container.embedded import Embedded
from stadtfunk.early_end import ended_at_once
from stadtfunk.figures.backfill import backfill_figures
from stadtfunk.live_view import ProgressMeter, progress_line, screen, stage_line
from stadtfunk.roles.gone_sources import check_outages
from stadtfunk.roles.greeting import greet
from stadtfunk.roles.ingest_parts import parts_of
from stadtfunk.roles.letter_expiry import expire_letters
from stadtfunk.roles.reporting import report, say
from stadtfunk.roles.supervision import run_to_its_end, run_until, stop_signals, unless_stopped
from stadtfunk.settings import Settings, SettingsInvalid, SimulatedCitySourceSettings
from stadtfunk.telemetry import metrics_of, set_up_logging

_REFRESH_S = 0.5
"""Of the live view: fast enough to look alive, slow enough to cost nothing."""


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word."""
    run = words.add_parser("run", parents=[settings], help="the embedded platform: one process, one folder")
    run.add_argument("--data", type=given, metavar="FOLDER", help="folder that keeps everything")
    run.add_argument("--port", type=bounded(0, 65_535), help="port of the gRPC API; 0: any that is free")
    run.add_argument("--insecure", action="store_true", help="serve without TLS on other than loopback addresses")
    run.add_argument("--devices", type=bounded(1, 10_000_000), help="size of the simulated city")
    run.add_argument("--rate", type=rate, help="uplinks per second of the simulated city")
    run.set_defaults(do=_run)


def _run(asked: Asked) -> None:
    run_to_its_end(_embedded(settings_of(asked, partial(_overridden, asked))))


def _overridden(asked: Asked, settings: Settings) -> Settings:
    """Return ``settings`` with what the command line says of them."""
    city = _given(devices=asked.devices, rate=asked.rate)
    if city and not any(isinstance(source, SimulatedCitySourceSettings) for source in settings.sources):
        raise SettingsInvalid("run", [f"--{name}: no source is a simulated city" for name in city])
    sources = tuple(
        replace(source, **city) if isinstance(source, SimulatedCitySourceSettings) else source
        for source in settings.sources
    )
    return replace(
        settings,
        data=replace(settings.data, **_given(folder=asked.data)),
        grpc=replace(settings.grpc, **_given(port=asked.port, insecure=asked.insecure or None)),
        sources=sources,
    )


def _given(**values: object) -> Mapping[str, object]:
    return {name: value for name, value in values.items() if value is not None}


async def _embedded(settings: Settings) -> None:
    """Start the parts in order, let them work, and end them in reverse."""
    set_up_logging(settings.log)
    container = Embedded(settings=settings)
    async with OpenParts() as stack:
        stop = await stack.enter_async_context(stop_signals())
        ingests = await unless_stopped(stop, _opened(container, settings, stack))
        if ingests is None:
            return
        processing, assignment = container.processing(), container.assignment()
        backfills, watches = container.backfills(), container.watches()
        stages = {
            **{stage: ingest.counts for stage, ingest in ingests.items()},
            **{f"backfill {each.source}": each.backfill.counts for each in backfills},
            "process": processing.counts,
        }
        figures = backfill_figures({each.source: each.backfill for each in backfills}, container.clock())
        await stack.enter_async_context(metrics_of(stages, settings.telemetry, "run", figures=figures))
        meter = ProgressMeter(list(ingests.values()), processing)

        async def drain() -> None:
            for ingest in ingests.values():
                ingest.stop()
            for each in backfills:
                each.backfill.stop()
            await assignment.stop()

        greet(settings, container.server().port)
        spare_what_stays()
        may_end, lasting = parts_of(ingests, settings.sources)
        lasting += [assignment.run(processing.work), _watch(stop, meter, settings)]
        lasting += [expire_letters(container.letter_retention(), stop)]
        lasting += [*(each.run() for each in watches.watched), *(each.backfill.run() for each in backfills)]
        try:
            await run_until(stop, *may_end, drain=drain, lasting=lasting)
        finally:
            say("; ".join(stage_line(stage, counts) for stage, counts in stages.items()))


async def _opened(container: Embedded, settings: Settings, stack: AsyncExitStack) -> Mapping[str, Ingest]:
    """Open all parts, and return what takes uplinks in, by the name of its stage.

    The API comes first and goes last, so that whoever asks while the platform starts is answered. What is read from the
    folder lets nobody else run meanwhile, and may be ended by a signal as by a kill.
    """
    await stack.enter_async_context(container.payload_decoder())
    with ended_at_once():
        for part in (container.database(), container.checkpoint()):
            await stack.enter_async_context(part)
        await check_outages(settings, container.own_memories())
    await stack.enter_async_context(container.server())
    backfills, watches = container.backfills(), container.watches()
    if backfills:
        await stack.enter_async_context(container.backfill_book())
    for each in backfills:
        await stack.enter_async_context(each.storage)
    with ended_at_once():
        await container.registry().load()
    return {
        f"ingest {each.name}": Ingest(
            await watches.before(each, await stack.enter_async_context(source)), container.log()
        )
        for each, source in zip(settings.sources, container.sources(), strict=True)
    }


async def _watch(stop: asyncio.Event, meter: ProgressMeter, settings: Settings) -> None:
    """Draw the live view where somebody looks at a terminal; write plain lines elsewhere."""
    console = Console()
    if not console.is_terminal or console.is_dumb_terminal:
        await report(stop, settings.log.every_s, lambda: progress_line(meter.sample()))
        return
    title = f"stadtfunk · {', '.join(source.name for source in settings.sources)} · {settings.data.folder}"
    view = Live(screen(meter.sample(), title), console=console, auto_refresh=False, redirect_stderr=sys.stderr.isatty())
    with view:
        while not stop.is_set():
            await stopped_within(stop, _REFRESH_S)
            view.update(screen(meter.sample(), title), refresh=True)
