"""Ingest: from the source of uplinks to the log, untouched; acknowledged only once they are durable."""

from application.ports.uplink_log import UplinkLog
from application.ports.uplink_source import UplinkSource
from application.stage_counts import StageCounts


class Ingest:
    """Moves deliveries, one after the other, from a source into the log."""

    def __init__(self, source: UplinkSource, log: UplinkLog) -> None:
        self._source = source
        self._log = log
        self.counts = StageCounts()

    async def run(self) -> None:
        """Work until the source has come to its end, or ``stop``.

        Raises:
            Unavailable: source or log cannot do their work; what was not acknowledged, the source gives again.
            Refused: the source will not have us.
        """
        while (delivery := await self._source.receive()) is not None:
            arrived = len(delivery.uplinks)
            self.counts.came_in += arrived
            await self._log.append(delivery.uplinks)
            self.counts.out += arrived
            await self._source.acknowledge(delivery)

    def stop(self) -> None:
        """Take no more from outside, and end once all that has arrived is durable and acknowledged."""
        self._source.stop()
