"""The reporter: what it says while a process lives, and the last time."""

import asyncio

from adapters.memory.connector_reports import MemoryConnectorReports
from application.connectors import Reporter
from application.errors import Refused, Unavailable
from application.ports.connector_reports import ConnectorReport
from tests.support.eventually import soon, until
from tests.unit.application.connectors.test_supervised import Scene


class Deaf(MemoryConnectorReports):
    """Keeps nothing while it is told not to."""

    deaf = True

    async def publish(self, reports: object) -> None:
        if self.deaf:
            raise Unavailable("Kafka is away")
        await super().publish(reports)  # type: ignore[arg-type]


def a_reporter(
    *scenes: Scene, reports: MemoryConnectorReports | None = None
) -> tuple[Reporter, MemoryConnectorReports]:
    """Return a reporter and where its words are kept."""
    kept = reports or MemoryConnectorReports()
    connectors = [scene.connector for scene in scenes]
    return Reporter(kept, connectors, scenes[0].clock, instance="a", host="ulm-1", pid=7, every_s=0.01), kept


async def newest(reports: MemoryConnectorReports) -> ConnectorReport:
    """Return the only report."""
    [report] = await reports.newest()
    return report


async def test_it_says_how_a_connector_is_and_when_it_will_speak_again() -> None:
    scene = Scene()
    reporter, reports = a_reporter(scene)
    running = await scene.running()
    scene.progress.succeeded(5)
    scene.progress.counts.came_in = 3
    await reporter.report()
    report = await newest(reports)
    assert (report.key, report.state, report.host, report.pid) == ("swu-water-ttn/a", "RUNNING", "ulm-1", 7)
    assert (report.last_event_us, report.came_in) == (5, 3)
    assert report.next_by_us > report.reported_us
    await scene.connector.stop()
    await soon(running)


async def test_one_that_nobody_runs_is_not_spoken_of() -> None:
    reporter, reports = a_reporter(Scene())
    await reporter.report()
    assert await reports.newest() == []


async def test_it_looks_at_the_connection_first() -> None:
    scene = Scene()
    reporter, reports = a_reporter(scene)
    running = await scene.running()
    scene.connected = False
    await reporter.report()
    assert (await newest(reports)).state == "RESTARTING"
    await scene.connector.stop()
    await soon(running)


async def test_it_speaks_again_and_again_and_where_nobody_hears_it_goes_on() -> None:
    scene, kept, stop = Scene(), Deaf(), asyncio.Event()
    reporter, _ = a_reporter(scene, reports=kept)
    working = await scene.running()
    speaking = asyncio.create_task(reporter.run(stop))
    await asyncio.sleep(0.05)
    kept.deaf = False
    await until(lambda: bool(kept._newest))
    stop.set()
    await soon(speaking)
    await scene.connector.stop()
    await soon(working)


async def test_the_last_time_it_announces_no_more() -> None:
    scene = Scene()
    reporter, reports = a_reporter(scene)
    running = await scene.running()
    await scene.connector.stop()
    await soon(running)
    await reporter.report_end(None)
    report = await newest(reports)
    assert (report.state, report.next_by_us) == ("STOPPED", 0)


async def test_whose_failure_ended_the_process_is_said_of_each() -> None:
    bad, good = Scene(), Scene()
    good.connector.name = "swu-electricity-ttn-50"
    reporter, reports = a_reporter(bad, good)
    tasks = [await bad.running(), await good.running()]
    refusal = Refused("the broker refuses us")
    bad.works.fail(refusal)
    await good.connector.stop()
    await asyncio.wait(tasks)
    await reporter.report_end(refusal)
    found = {each.name: (each.state, each.last_error) for each in await reports.newest()}
    assert found == {
        "swu-water-ttn": ("FAILED", "the broker refuses us"),
        "swu-electricity-ttn-50": ("STOPPED", "its process ended, since swu-water-ttn failed"),
    }
    assert all(task.exception() is None or task.exception() is refusal for task in tasks)


async def test_what_all_stand_on_fails_all() -> None:
    scene = Scene()
    reporter, reports = a_reporter(scene)
    running = await scene.running()
    await scene.connector.stop()
    await soon(running)
    await reporter.report_end(Unavailable("Cassandra is gone"))
    assert (await newest(reports)).state == "FAILED"


async def test_a_paused_one_is_expected_to_say_nothing() -> None:
    scene = Scene()
    scene.progress.enter("PAUSED")
    reporter, reports = a_reporter(scene)
    await reporter.report()
    report = await newest(reports)
    assert (report.state, report.next_by_us) == ("PAUSED", 0)
