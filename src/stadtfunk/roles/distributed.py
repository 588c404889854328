"""What the roles of the distributed platform have in common: settings, signals, reports, a clean end."""

import argparse
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import TypeVar

from application.open_parts import OpenParts
from application.stage_counts import StageCounts
from stadtfunk.collector import spare_what_stays
from stadtfunk.commands.words import Words, settings_of
from stadtfunk.container.on_kafka import OnKafka
from stadtfunk.figures import Figure
from stadtfunk.live_view import stage_line
from stadtfunk.roles.lag_watch import LagWatch
from stadtfunk.roles.reporting import report, say
from stadtfunk.roles.supervision import Part, run_to_its_end, run_until, stop_signals, unless_stopped
from stadtfunk.roles.watching import watch
from stadtfunk.settings import Settings
from stadtfunk.telemetry import metrics_of, set_up_logging

P = TypeVar("P", bound=OnKafka)
Work = Callable[[P, AsyncExitStack], Coroutine[None, None, "Running"]]


class Running:
    """A role that has started."""

    def __init__(
        self,
        stages: Mapping[str, StageCounts],
        parts: list[Part],
        drain: Callable[[], Awaitable[None]],
        check: Callable[[], Awaitable[None]] | None = None,
        lag: LagWatch | None = None,
        figures: Sequence[Figure] = (),
        lasting: Sequence[Part] = (),
    ) -> None:
        self.stages = stages
        """Counters by the name of their stage."""
        self.parts = parts
        """What runs until it is told to stop, or has no more to do."""
        self.lasting = lasting
        """What must not end before it is told to."""
        self.drain = drain
        """Tells the parts to finish what they have in hand and end."""
        self.check = check
        """Looks whether the world is still as it must be."""
        self.lag = lag
        """Looks at the lag of the role's group, where metrics are collected."""
        self.figures = figures
        """What else is told then."""


def add_role(
    words: Words, settings: argparse.ArgumentParser, role: str, says: str, platform: Callable[..., P], start: Work[P]
) -> None:
    """Add the word of a role that works until it is stopped, with the parts of ``platform``."""
    parser = words.add_parser(role, parents=[settings], help=says)
    parser.set_defaults(do=lambda asked: run_to_its_end(run_role(settings_of(asked), role, platform, start)))


async def run_role(settings: Settings, role: str, platform: Callable[..., P], start: Work[P]) -> None:
    """Start a role, let it work until a signal or a failure, and end it cleanly."""
    set_up_logging(settings.log)
    async with OpenParts() as stack:
        stop = await stack.enter_async_context(stop_signals())
        running = await unless_stopped(stop, start(platform(settings=settings), stack))
        if running is None:
            return
        lag = running.lag if settings.telemetry.otlp_endpoint else None
        lags = (lambda: lag.newest) if lag is not None else tuple
        await stack.enter_async_context(metrics_of(running.stages, settings.telemetry, role, lags, running.figures))
        say(f"{role}: started")
        spare_what_stays()

        def line() -> str:
            return "; ".join(stage_line(stage, counts) for stage, counts in running.stages.items())

        reports = [report(stop, settings.log.every_s, line)] if running.stages else []
        looks = [watch(running.check, stop)] if running.check is not None else []
        if lag is not None:
            looks.append(lag.run(stop))
        try:
            await run_until(stop, *running.parts, *reports, *looks, drain=running.drain, lasting=running.lasting)
        finally:
            if running.stages:
                say(line())
    say(f"{role}: ended")
