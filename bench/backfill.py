"""``python -m bench.backfill``: how long live messages take with a backfill beside them, and without.

Embedded, in one process as it is: a city speaks live, and days of another one are fetched from a store in memory, by
the backfill's own pace. The latency is that of a batch's oldest message, from its receipt to its durable result. Both
cases take turns, and each turn begins with an empty folder.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from adapters.memory.backfill_book import MemoryBackfillBook
from adapters.simulated_city.city import SimulatedCity
from adapters.simulated_city.settings import SimulatedCitySettings
from adapters.system.clock import SystemClock
from application.backfill import Backfill, GapSearch, Means, Plan, RegistryNames
from application.ports.backfill_book import Window
from application.ports.uplink_log import STORAGE, RawUplink
from application.ports.uplink_storage import Asked
from bench.measure import machine
from stadtfunk.container.embedded import Embedded
from stadtfunk.settings import DataSettings, Settings

_SOURCE = "city"
_WARM_S = 1.0
_TICK_S = 0.005
_DAY_US = 86_400_000_000
_PAGE = 1_000


class Days:
    """A store that never comes to its end."""

    def __init__(self, uplinks: Sequence[RawUplink]) -> None:
        self._uplinks = uplinks

    async def stored(self, asked: Asked) -> AsyncIterator[Sequence[RawUplink]]:
        """Tell all, again and again."""
        del asked
        while True:
            for start in range(0, len(self._uplinks), _PAGE):
                yield self._uplinks[start : start + _PAGE]


def main() -> int:
    """Measure, and print a line for each turn."""
    parser = argparse.ArgumentParser(prog="python -m bench.backfill", description=__doc__)
    parser.add_argument("--rate", type=int, default=500, help="live uplinks per second")
    parser.add_argument("--messages-per-s", type=float, default=Plan(source=_SOURCE).messages_per_s)
    parser.add_argument("--seconds", type=float, default=10.0, help="of a turn")
    parser.add_argument("--turns", type=int, default=3, help="of each case")
    asked = parser.parse_args()
    print(*machine(Path(gettempdir())), sep="\n")
    uplinks = _city(2018, asked.rate, int(asked.rate * (asked.seconds + 2 * _WARM_S)) + _PAGE)
    days = [RawUplink(_SOURCE, "tts", topic, body, 0, origin=STORAGE) for topic, body in _city(7, asked.rate, 50_000)]
    for _ in range(asked.turns):
        for messages_per_s in (0.0, asked.messages_per_s):
            print(asyncio.run(_turn(uplinks, days, asked, messages_per_s)), flush=True)
    return 0


def _city(seed: int, rate: int, number: int) -> list[tuple[str, bytes]]:
    settings = SimulatedCitySettings(seed=seed, devices=rate * 10, rate=float(rate))
    with SimulatedCity(settings, SystemClock()) as city:
        return list(islice(city.messages(), number))


async def _turn(
    uplinks: Sequence[tuple[str, bytes]], days: Sequence[RawUplink], asked: argparse.Namespace, messages_per_s: float
) -> str:
    with TemporaryDirectory() as folder:
        container = Embedded(settings=Settings(data=DataSettings(folder=folder)))
        async with AsyncExitStack() as stack:
            for part in (container.payload_decoder(), container.database(), container.checkpoint()):
                await stack.enter_async_context(part)
            processing, assignment = container.processing(), container.assignment()
            backfill = await _backfill(container, days, messages_per_s)
            working = [asyncio.create_task(assignment.run(processing.work))]
            if messages_per_s:
                working.append(asyncio.create_task(backfill.run()))
            await _speak(container, uplinks, asked.rate, _WARM_S)
            processing.counts.latencies_us.clear()
            await _speak(container, uplinks[int(asked.rate * _WARM_S) :], asked.rate, asked.seconds)
            latencies = sorted(processing.counts.latencies_us)
            for each in working[1:]:
                each.cancel()
            await assignment.stop()
            await asyncio.wait(working)
    return (
        f"live {asked.rate}/s, backfill {backfill.counts.out / (asked.seconds + _WARM_S):4.0f}/s:"
        f" p50 {_at(latencies, 0.5):6.1f} ms, p99 {_at(latencies, 0.99):6.1f} ms of {len(latencies)} batches"
    )


async def _backfill(container: Embedded, days: Sequence[RawUplink], messages_per_s: float) -> Backfill:
    clock, book = container.clock(), MemoryBackfillBook()
    pace = messages_per_s or 1.0
    plan = Plan(source=_SOURCE, retention_us=9 * _DAY_US, settle_us=0, gaps_every_us=0, messages_per_s=pace)
    names, gaps = RegistryNames(container.devices(), clock, _SOURCE), GapSearch(container.losses(), plan)
    now_us = clock.now_us()
    await book.put([Window(_SOURCE, now_us - _DAY_US, now_us, "start", now_us)])
    return Backfill(plan, Means(Days(days), container.log(), book, names, gaps, clock))


async def _speak(container: Embedded, uplinks: Sequence[tuple[str, bytes]], rate: int, seconds: float) -> None:
    log, clock = container.log(), container.clock()
    began, spoken = time.monotonic(), 0
    while (passed := time.monotonic() - began) < seconds:
        due = uplinks[spoken : int(passed * rate)]
        if due:
            now_us = clock.now_us()
            await log.append([RawUplink(_SOURCE, "tts", topic, body, now_us) for topic, body in due])
            spoken += len(due)
        await asyncio.sleep(_TICK_S)


def _at(latencies: Sequence[int], share: float) -> float:
    return latencies[int(len(latencies) * share)] / 1_000 if latencies else 0.0


if __name__ == "__main__":
    sys.exit(main())
