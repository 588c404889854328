"""The loss ledger: rows for each device, day and source."""

from collections.abc import Sequence
from typing import Protocol

from domain.identifiers import DevEui
from domain.radio import LossDay

MOST_DAYS = 400
"""Of one question about a device: a year and what lies around it; in Cassandra each day is a read of its own."""


class LossDays(Protocol):
    """Promises: tests/contract/loss_days.py."""

    async def write(self, days: Sequence[LossDay]) -> None:
        """Store ``days``; of two rows of one device, day and source the later written stays.

        Raises:
            Unavailable: not all could be stored; give all again.
        """

    async def of_device(self, device: DevEui, first_day: int, last_day: int) -> Sequence[LossDay]:
        """Return the rows of one device, both days included, by day and source; at most ``MOST_DAYS`` days.

        Raises:
            Unavailable: the store does not answer.
        """

    async def of_day(self, day: int, *, size: int, after: tuple[str, str] = ("", "")) -> Sequence[LossDay]:
        """Return up to ``size`` rows of one day, by DevEUI and source, beyond ``after`` (DevEUI and source).

        Raises:
            Unavailable: the store does not answer.
        """
