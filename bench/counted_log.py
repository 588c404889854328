"""What processing has begun with.

Of partitions that take turns, some always have a batch that is computed but not yet acknowledged: a clock that starts
in between must not be given it for nothing.
"""

from collections.abc import AsyncIterator, Sequence

from application.ports.uplink_log import LoggedUplinks, RawUplink, UplinkLog


class CountedLog:
    """An ``UplinkLog`` that counts what it gives to read."""

    def __init__(self, log: UplinkLog) -> None:
        self._log = log
        self.given = 0
        """All of them are computed whenever anybody else has a turn: processing waits only for what comes next."""

    async def append(self, uplinks: Sequence[RawUplink]) -> None:
        """As the log does."""
        await self._log.append(uplinks)

    async def read(self, partition: int, offset: int) -> AsyncIterator[LoggedUplinks]:
        """As the log does."""
        async for logged in self._log.read(partition, offset):
            self.given += len(logged.offsets)
            yield logged

    def replay(self, since_us: int, until_us: int) -> AsyncIterator[LoggedUplinks]:
        """As the log does."""
        return self._log.replay(since_us, until_us)
