"""What operators see of a lag: on the screen, as an exit code, as metrics."""

import asyncio

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from rich.console import Console

from application.errors import Unavailable, Unwell
from application.lag import GroupLag, Lag, PartitionLag, Status
from application.ports.group_progress import Commit, PartitionProgress
from stadtfunk.commands.lag import complain, lag_tables
from stadtfunk.exit_codes import exit_code
from stadtfunk.roles.lag_watch import LagWatch
from stadtfunk.roles.supervision import run_until, stop_signals
from stadtfunk.telemetry import meter_provider
from tests.support.clock import FakeClock

WELL = GroupLag("sink", Status.OK, [PartitionLag("devices", 0, Status.OK, 0, 0.0, 1.0, 1_000)], 1.0)
ILL = GroupLag("process", Status.ERR, [PartitionLag("uplinks", 3, Status.STOP, 4_711, 12.5, 0.3, None)])


def shown(*groups: GroupLag) -> str:
    """Return the tables as lines of words."""
    console = Console(width=200)
    with console.capture() as capture:
        console.print(*lag_tables(groups))
    return "\n".join(" ".join(line.split()) for line in capture.get().splitlines())


def test_groups_come_first_then_their_partitions() -> None:
    text = shown(WELL, ILL)
    assert "process ERR 4711 12.5 uplinks/3 0%" in text
    assert "process uplinks/3 STOP 4711 12.5 30%" in text
    assert "sink devices/0 OK 0 0.0 100% 1970-01-01 00:00:01" in text


def test_a_group_that_was_never_there_has_a_line_of_its_own() -> None:
    assert "sink NOTFOUND 0 0.0 0%" in shown(GroupLag("sink", Status.NOTFOUND))


def test_nobody_complains_of_what_is_well() -> None:
    complain([WELL])


def test_what_is_not_well_is_named_and_ends_with_one() -> None:
    with pytest.raises(Unwell, match=r"STOP at uplinks/3.*'sink' never committed") as caught:
        complain([ILL, WELL, GroupLag("sink", Status.NOTFOUND)])
    assert exit_code(caught.value) == 1


def test_lags_are_metrics_by_group_and_partition() -> None:
    reader = InMemoryMetricReader()
    provider = meter_provider({}, reader, "process", lambda: [ILL])
    found = {}
    data = reader.get_metrics_data()
    assert data is not None
    for metric in data.resource_metrics[0].scope_metrics[0].metrics:
        for point in metric.data.data_points:
            found[metric.name, tuple(sorted((point.attributes or {}).items()))] = getattr(point, "value", None)
    place = (("group", "process"), ("partition", 3), ("topic", "uplinks"))
    assert found == {
        ("stadtfunk.consumer.lag.records", place): 4_711,
        ("stadtfunk.consumer.lag.seconds", place): 12.5,
        ("stadtfunk.consumer.status", place): 4,
    }
    provider.shutdown()


class Answers:
    """Progress that answers at the first look only."""

    def __init__(self) -> None:
        self.asked = 0

    async def of(self, groups: object) -> dict[str, list[PartitionProgress]]:
        del groups
        self.asked += 1
        if self.asked > 1:
            raise Unavailable("Kafka is away")
        return {"process": [PartitionProgress("uplinks", 0, [Commit(5, 0)], [5], 0)]}


async def test_a_look_that_fails_shows_nothing_and_ends_nobody() -> None:
    answers = Answers()
    watch = LagWatch(Lag(answers, {}, FakeClock()), "process", every_s=0.001)
    seen = []

    async def look() -> None:
        while answers.asked < 3:
            seen.append(len(watch.newest))
            await asyncio.sleep(0)
        stop.set()

    async with stop_signals() as stop:
        await run_until(stop, watch.run(stop), look(), drain=_nothing)
    assert 1 in seen
    assert watch.newest == ()


async def _nothing() -> None:
    """Nobody has anything in hand."""
