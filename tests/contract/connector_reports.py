"""What whoever keeps the reports of connectors promises."""

from msgspec.structs import replace

from application.ports.connector_reports import ConnectorReport, ConnectorReports


def a_report(name: str = "swu-water-ttn", *, instance: str = "", reported_us: int = 1) -> ConnectorReport:
    """Return what a connector says of itself."""
    return ConnectorReport(name, "ttn_uplinks", "RUNNING", 1, reported_us, reported_us + 30, instance, lag=7)


class ConnectorReportsContract:
    """Subclass with a fixture ``reports``, which are empty at first."""

    async def test_every_field_comes_back(self, reports: ConnectorReports) -> None:
        text = replace(a_report(), last_error="größer als „erlaubt“", canary_due_us=2**62, host="ulm-1", pid=4_711)
        await reports.publish([text])
        assert await reports.newest() == [text]

    async def test_where_nobody_said_anything_there_is_nothing(self, reports: ConnectorReports) -> None:
        assert list(await reports.newest()) == []

    async def test_of_two_the_later_published_stays(self, reports: ConnectorReports) -> None:
        for us in (5, 3):  # a clock may have gone back
            await reports.publish([a_report(reported_us=us)])
        assert [each.reported_us for each in await reports.newest()] == [3]

    async def test_each_name_and_instance_has_its_own_in_their_order(self, reports: ConnectorReports) -> None:
        said = [a_report("b"), a_report("a", instance="2"), a_report("a", instance="1")]
        await reports.publish(said)
        assert [each.key for each in await reports.newest()] == ["a/1", "a/2", "b"]

    async def test_what_is_forgotten_is_gone_with_all_its_instances(self, reports: ConnectorReports) -> None:
        await reports.publish([a_report("a", instance="1"), a_report("a", instance="2"), a_report("ab")])
        await reports.forget("a")
        assert [each.key for each in await reports.newest()] == ["ab"]

    async def test_forgetting_what_nobody_knows_is_no_error(self, reports: ConnectorReports) -> None:
        await reports.forget("nobody")
        assert list(await reports.newest()) == []

    async def test_what_was_forgotten_may_speak_again(self, reports: ConnectorReports) -> None:
        await reports.publish([a_report()])
        await reports.forget("swu-water-ttn")
        await reports.publish([a_report()])
        assert await reports.newest() == [a_report()]
