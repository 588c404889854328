"""The stages of the distributed pipeline on real servers, one after the other: each drains what the one before left.

The clock of a stage runs from the first uplinks it has done (joining a group is no work) until the last are.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

from msgspec import Struct

from application.ingest import Ingest
from application.stage_counts import StageCounts
from bench import place
from bench.checks import differences, differing, unbalanced
from bench.city import Input, Lot
from bench.counted_log import CountedLog
from bench.drain import until
from bench.measure import Run, run_between, sample
from bench.messages import FileSource
from bench.place import Place
from stadtfunk.collector import spare_what_stays
from stadtfunk.container.distributed import Distributed


class Plan(Struct, frozen=True):
    """What to measure."""

    place: Place
    lot: Lot
    servers: dict[str, int]
    """Process ids of those whose processor time is noted."""
    derived_before: int = 0
    """Records that an earlier sink has stored."""


def create(where: Place) -> None:
    """Make the place."""
    asyncio.run(place.create(where))


def remove(where: Place) -> None:
    """Remove it."""
    asyncio.run(place.remove(where))


def mistakes(asked: tuple[Place, Input]) -> list[str]:
    """Return what the place does not hold as it should once both lots went through all stages."""
    where, given = asked
    return differences(given, asyncio.run(place.stored(where)))


def ingest(plan: Plan) -> Run:
    """Measure the way from a source in the process to the log."""
    return asyncio.run(_ingest(plan))


def process(plan: Plan) -> Run:
    """Measure the way from the log to the derived topics."""
    return asyncio.run(_process(plan))


def sink(plan: Plan) -> Run:
    """Measure the way from the derived topics to Cassandra."""
    return asyncio.run(_sink(plan))


async def _ingest(plan: Plan) -> Run:
    container = Distributed(settings=plan.place.settings())
    async with container.producer():
        role = Ingest(FileSource(plan.lot.path), container.log())
        return await _drained("ingest to Kafka", plan, role.counts, role.run(), plan.lot.messages)


async def _process(plan: Plan) -> Run:
    container = Distributed(settings=plan.place.settings())
    async with container.producer(), container.consumer():
        log = CountedLog(container.log())
        container.log.override(log)
        processing, assignment = container.processing(), container.assignment()
        work = assignment.run(processing.work)
        return await _drained(
            "process on Kafka",
            plan,
            processing.counts,
            work,
            plan.lot.messages,
            assignment.stop,
            begun=lambda: log.given,
        )


async def _sink(plan: Plan) -> Run:
    derived = await place.records(plan.place, *place.DERIVED) - plan.derived_before
    container = Distributed(settings=plan.place.settings())
    async with container.session(), container.producer(), container.feed() as feed:
        role = container.sink()
        run = await _drained("sink to Cassandra", plan, role.counts, role.run(), derived, feed.stop)
    run.records = derived
    run.note = f"{derived / plan.lot.messages:.2f} records per uplink"
    return run


async def _nothing() -> None:
    """End what ends by itself."""


async def _drained(
    scenario: str,
    plan: Plan,
    counts: StageCounts,
    work: Coroutine[None, None, None],
    expected: int,
    stop: Callable[[], Awaitable[None]] = _nothing,
    begun: Callable[[], int] | None = None,
) -> Run:
    """Let a stage work off ``expected`` records; what it did before the first look is not counted.

    Where several are in hand at the same time, ``begun`` says how many.
    """

    def done() -> int:
        return counts.came_in - counts.in_flight

    spare_what_stays()
    working = asyncio.create_task(work)
    await until(lambda: min(done(), 1), 1, [working])
    before, missed = sample(plan.servers), (begun or done)()
    await until(done, expected, [working])
    after, reached = sample(plan.servers), done()
    await stop()
    await working
    run = run_between(scenario, plan.lot.messages * (expected - missed) // expected, before, after)
    run.mistakes = differing({scenario: (reached, expected)}) + unbalanced({scenario: counts})
    return run
