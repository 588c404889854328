"""``stadtfunk simulate``: publish a simulated city to a broker, for load and acceptance."""

import argparse
import asyncio
import os
import time
from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from adapters.mqtt.publisher import MqttPublisher
from adapters.mqtt.settings import PublisherSettings
from adapters.simulated_city.city import SimulatedCity
from adapters.simulated_city.settings import SimulatedCitySettings
from adapters.system.clock import SystemClock
from application.open_parts import OpenParts
from stadtfunk.commands.words import Asked, Words, bounded, rate
from stadtfunk.roles.supervision import run_until, stop_signals, unless_stopped
from stadtfunk.settings import LogSettings, SettingsInvalid
from stadtfunk.telemetry import set_up_logging

_TICK_S = 0.02
"""Messages leave in bunches 20 ms apart: 50 wake-ups a second at any rate."""
_BUNCH = 500
"""Without a rate: messages between two looks at the clock and the signals."""
_PATIENCE_S = 60
"""Long enough for a broker that restarts, short enough for somebody who mistyped its address."""


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the word; a simulated city needs no settings file."""
    del settings
    simulate = words.add_parser("simulate", help="publish a simulated city to an MQTT broker")
    simulate.add_argument("--mqtt", required=True, metavar="URL", help="mqtt://host:port or mqtts://user:password@host")
    simulate.add_argument("--rate", type=rate, default=200.0, help="uplinks per second; 0: as fast as they are taken")
    simulate.add_argument("--devices", type=bounded(1, 10_000_000), default=1_000)
    simulate.add_argument("--uplinks", type=int, default=0, help="how many frames in all; 0: until stopped")
    simulate.add_argument("--qos", type=int, choices=(0, 1), default=1)
    simulate.add_argument("--seed", type=int, default=2018)
    simulate.add_argument("--lost", type=float, default=0.02, help="share of frames no gateway hears")
    simulate.add_argument("--repeated", type=float, default=0.01, help="share of frames heard twice")
    simulate.add_argument("--late", type=float, default=0.01, help="share of frames that come after later ones")
    simulate.add_argument("--poison", type=float, default=0.005, help="share of frames that are broken")
    simulate.add_argument("--truth", default="", metavar="FILE", help="write what is true as lines of JSON")
    simulate.add_argument(
        "--patience", type=bounded(1, 86_400), default=_PATIENCE_S, metavar="SECONDS", help="how long without a broker"
    )
    simulate.set_defaults(do=_simulate)


def _simulate(asked: Asked) -> None:
    city = SimulatedCitySettings(
        seed=asked.seed,
        devices=asked.devices,
        rate=asked.rate,
        uplinks=asked.uplinks,
        lost=asked.lost,
        repeated=asked.repeated,
        late=asked.late,
        poison=asked.poison,
        truth_file=asked.truth,
    )
    if mistakes := city.mistakes():
        raise SettingsInvalid("simulate", mistakes)
    broker = PublisherSettings.at(asked.mqtt, client_id=f"stadtfunk-simulate-{os.getpid()}", qos=asked.qos)
    asyncio.run(_published(city, replace(broker, unreachable_budget_s=asked.patience)))


async def _published(settings: SimulatedCitySettings, broker: PublisherSettings) -> None:
    set_up_logging(LogSettings())
    async with OpenParts() as stack:
        stop = await stack.enter_async_context(stop_signals())
        city = stack.enter_context(SimulatedCity(settings, SystemClock()))
        publisher = await unless_stopped(stop, stack.enter_async_context(MqttPublisher(broker)))
        if publisher is not None:

            async def drain() -> None:
                """Publishing looks at the signal itself, after each bunch."""

            await run_until(stop, _publish(city.messages(), publisher, settings.rate, stop), drain=drain)


async def _publish(
    messages: Iterator[tuple[str, bytes]], publisher: MqttPublisher, rate: float, stop: asyncio.Event
) -> None:
    began, published = time.monotonic(), 0
    while not stop.is_set():
        due = int((time.monotonic() - began) * rate) - published if rate else _BUNCH
        bunch = list(islice(messages, due)) if due > 0 else []
        if due > 0 and not bunch:
            break
        await publisher.publish(bunch)
        published += len(bunch)
        if rate:
            await asyncio.sleep(_TICK_S)
    passed = time.monotonic() - began
    print(f"published {published} messages in {passed:.1f} s ({published / max(passed, 1e-9):,.0f}/s)")
