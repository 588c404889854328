"""Ingest: from the source of uplinks to the log, untouched; acknowledged only once they are durable."""

from collections.abc import Callable, Sequence

from application.ports.canary_post import CANARY
from application.ports.uplink_log import RawUplink, UplinkLog
from application.ports.uplink_source import UplinkSource
from application.stage_counts import StageCounts


class Ingest:
    """Moves deliveries, one after the other, from a source into the log.

    Canaries, whoever sent them, are counted as ignored and go no further: no account ever sees one.
    """

    def __init__(
        self,
        source: UplinkSource,
        log: UplinkLog,
        on_done: Callable[[Sequence[RawUplink], Sequence[RawUplink]], None] | None = None,
        counts: StageCounts | None = None,
    ) -> None:
        """Take whence and whereto, who is told of each delivery that is done (uplinks, canaries), and what counts."""
        self._source = source
        self._log = log
        self._on_done = on_done
        self.counts = counts or StageCounts()

    async def run(self) -> None:
        """Work until the source has come to its end, or ``stop``.

        Raises:
            Unavailable: source or log cannot do their work; what was not acknowledged, the source gives again.
            Refused: the source will not have us.
        """
        while (delivery := await self._source.receive()) is not None:
            uplinks, canaries = _apart(delivery.uplinks)
            self.counts.came_in += len(delivery.uplinks)
            if uplinks:
                await self._log.append(uplinks)
            self.counts.out += len(uplinks)
            await self._source.acknowledge(delivery)
            if canaries:
                self.counts.ignored["canary"] += len(canaries)
            if self._on_done is not None:
                self._on_done(uplinks, canaries)

    def stop(self) -> None:
        """Take no more from outside, and end once all that has arrived is durable and acknowledged."""
        self._source.stop()


def _apart(messages: Sequence[RawUplink]) -> tuple[Sequence[RawUplink], Sequence[RawUplink]]:
    """Return uplinks and canaries; of many messages one is, and of most deliveries none."""
    if not any(CANARY in message.topic for message in messages):
        return messages, ()
    return (
        [message for message in messages if CANARY not in message.topic],
        [message for message in messages if CANARY in message.topic],
    )
