"""What connectors say of themselves, in memory."""

from collections.abc import Sequence

from application.ports.connector_reports import ConnectorReport


class MemoryConnectorReports:
    """Keeps the newest report under each key."""

    def __init__(self) -> None:
        self._newest: dict[str, ConnectorReport] = {}

    async def publish(self, reports: Sequence[ConnectorReport]) -> None:
        self._newest.update({report.key: report for report in reports})

    async def newest(self) -> Sequence[ConnectorReport]:
        return [self._newest[key] for key in sorted(self._newest)]

    async def forget(self, name: str) -> None:
        self._newest = {key: report for key, report in self._newest.items() if report.name != name}
