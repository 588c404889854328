"""Uplinks in: from a network server into the log."""

from collections.abc import Callable, Mapping, Sequence

from application.connectors.canary import Canary
from application.connectors.progress import Progress
from application.ingest import Ingest
from application.ports.backlog import Standing
from application.ports.uplink_log import RawUplink, UplinkLog
from application.ports.uplink_source import UplinkSource


class UplinkConnector:
    """An ``Ingest`` that notes how it is doing; its backlog is what arrived and is not yet durable."""

    def __init__(
        self,
        source: UplinkSource,
        log: UplinkLog,
        progress: Progress,
        *,
        canary: Canary | None = None,
        waiting: Callable[[], int] = int,
    ) -> None:
        """Take whence and whereto, the canary to be told, and what says how much arrived and was not received yet."""
        self.progress = progress
        self._canary = canary
        self._waiting = waiting
        self._ingest = Ingest(source, log, self._note, progress.counts)
        self.counts = progress.counts

    async def run(self) -> None:
        """Work until ``stop``, or until the source has come to its end."""
        await self._ingest.run()

    async def stop(self) -> None:
        """Take no more from outside."""
        self._ingest.stop()

    async def standing(self) -> Mapping[str, Standing]:
        """Return how far it has come among what arrived in this process."""
        done = self.counts.came_in - self.counts.in_flight
        return {"what arrived": Standing(done, self.counts.came_in + self._waiting())}

    def _note(self, uplinks: Sequence[RawUplink], canaries: Sequence[RawUplink]) -> None:
        self.progress.succeeded(uplinks[-1].received_us if uplinks else 0)
        if self._canary is not None:
            for each in canaries:
                self._canary.came(each)
            if uplinks:
                self._canary.passed(uplinks[-1])
