"""The reporter: says every few seconds how the connectors of its process are doing, and at the end what became of them.

A report names the time by which the next one must be there. So whoever reads knows of a process that was killed, frozen
or cut off, without asking it.
"""

import asyncio
import logging
from collections.abc import Sequence

from application.connectors.supervised import Supervised
from application.errors import ApplicationError, Unavailable
from application.ports.clock import Clock
from application.ports.connector_reports import ConnectorReport, ConnectorReports
from application.stopping import stopped_within

_log = logging.getLogger(__name__)
EVERY_S = 5.0
"""17 connectors are 10 kB each time, in one batch."""
_MISSED = 6
"""Reports that may fail to come before a process is taken for dead: 30 s, more than a broker's restart."""
_LAST_S = 5.0
"""For the last report: a supervisor waits for our end."""
_US_PER_S = 1_000_000


class Reporter:
    """Of all connectors of one process."""

    def __init__(
        self,
        reports: ConnectorReports,
        connectors: Sequence[Supervised],
        clock: Clock,
        *,
        instance: str = "",
        host: str = "",
        pid: int = 0,
        every_s: float = EVERY_S,
    ) -> None:
        self._reports = reports
        self._connectors = connectors
        self._clock = clock
        self._instance = instance
        self._host = host
        self._pid = pid
        self._every_s = every_s

    async def run(self, stop: asyncio.Event) -> None:
        """Report until ``stop``.

        A report that cannot be kept is told in the log and is no failure of a connector: those that need Kafka will
        notice by themselves, and whoever looks sees that the heartbeat is missing.
        """
        while not stop.is_set():
            await self.report()
            await stopped_within(stop, self._every_s)

    async def report_end(self, error: BaseException | None) -> None:
        """Report for the last time; ``error`` is what the process ends with.

        Where none of the connectors failed, it was what all of them stand on: then none of them works any more.
        """
        failed = [each.name for each in self._connectors if each.progress.state == "FAILED"]
        for each in self._connectors:
            if isinstance(error, Exception) and not failed and each.progress.state != "PAUSED":
                each.fail(error)
            elif failed and each.progress.state == "STOPPED":
                each.progress.failed(Unavailable(f"its process ended, since {', '.join(failed)} failed"))
        await self.report(last=True)

    async def report(self, *, last: bool = False) -> None:
        """Report once; the ``last`` time no further one is announced."""
        for each in self._connectors:
            each.look()
        seen = [each for each in self._connectors if each.progress.state != "UNASSIGNED"]
        try:
            async with asyncio.timeout(_LAST_S if last else None):
                await self._reports.publish([self._report(each, last=last) for each in seen])
        except (ApplicationError, TimeoutError) as error:
            _log.warning("the state of the connectors cannot be told: %s", error)

    def _report(self, connector: Supervised, *, last: bool) -> ConnectorReport:
        now_us = self._clock.now_us()
        progress, counts, canary = connector.progress, connector.counts, connector.canary
        is_over = last or progress.state == "PAUSED"
        return ConnectorReport(
            name=connector.name,
            kind=connector.kind,
            state=progress.state,
            state_since_us=progress.state_since_us,
            reported_us=now_us,
            next_by_us=0 if is_over else now_us + int(self._every_s * _MISSED * _US_PER_S),
            instance=self._instance,
            host=self._host,
            pid=self._pid,
            last_event_us=progress.last_event_us,
            last_success_us=progress.last_success_us,
            last_error=progress.last_error,
            last_error_us=progress.last_error_us,
            lag=progress.lag,
            waiting_since_us=progress.waiting_since_us,
            came_in=counts.came_in,
            out=counts.out,
            dead=counts.dead,
            redelivered=counts.redelivered,
            ignored=counts.ignored.total(),
            canary_every_us=int(canary.every_s * _US_PER_S) if canary is not None else 0,
            canary_sent_us=canary.sent_us if canary is not None else 0,
            canary_back_us=canary.back_us if canary is not None else 0,
            canary_due_us=canary.due_us if canary is not None else 0,
        )
