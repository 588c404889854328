"""Lost frames: rows of the ledger, and sums over devices and days."""

from collections.abc import AsyncIterator, Iterable, Sequence

from msgspec import Struct

from application.errors import NotFound
from application.ports.loss_days import MOST_DAYS, LossDays
from domain.errors import InvalidValue
from domain.identifiers import DevEui
from domain.radio import LossDay, summed

MOST_DAYS_OF_ALL = 7
"""Of a sum over all devices: 185,000 rows a day take some seconds."""
_AT_ONCE = 1_000


class Sums(Struct, frozen=True):
    """What became of frames, added up."""

    total: LossDay
    by_source: tuple[LossDay, ...]
    """By name of the source."""
    devices: int


class Losses:
    """Answers from the loss ledger."""

    def __init__(self, rows: LossDays) -> None:
        self._rows = rows

    async def day(self, device: DevEui, day: int, source: str) -> LossDay:
        """Return one row.

        Raises:
            NotFound: nothing was heard of the device at that source on that day.
        """
        for row in await self._rows.of_device(device, day, day):
            if row.source == source:
                return row
        raise NotFound(f"nothing was heard of device {device} at {source!r} on that day", dev_eui=device)

    async def of_device(self, device: DevEui, first_day: int, end_day: int) -> Sequence[LossDay]:
        """Return the rows of one device from ``first_day`` up to but not ``end_day``, by day and source.

        Raises:
            InvalidValue: no days, or too many.
        """
        _checked(first_day, end_day, MOST_DAYS)
        return await self._rows.of_device(device, first_day, end_day - 1)

    async def of_day(self, day: int, *, size: int, after: tuple[str, str] = ("", "")) -> Sequence[LossDay]:
        """Return up to ``size`` rows of one day, by DevEUI and source, beyond ``after``."""
        return await self._rows.of_day(day, size=size, after=after)

    async def sums_of_device(self, device: DevEui, first_day: int, end_day: int) -> Sums:
        """Return the sums over some days of one device.

        Raises:
            InvalidValue: no days, or too many.
        """
        return _sums(await self.of_device(device, first_day, end_day))

    async def sums(self, first_day: int, end_day: int) -> Sums:
        """Return the sums over some days of all devices.

        Raises:
            InvalidValue: no days, or too many.
        """
        _checked(first_day, end_day, MOST_DAYS_OF_ALL)
        parts: list[LossDay] = []
        devices: set[DevEui] = set()
        for day in range(first_day, end_day):
            async for rows in self._pages(day):
                devices.update(row.dev_eui for row in rows)
                parts += _sums(rows).by_source
        sums = _sums(parts)
        return Sums(sums.total, sums.by_source, len(devices))

    async def _pages(self, day: int) -> AsyncIterator[Sequence[LossDay]]:
        after = ("", "")
        while rows := await self._rows.of_day(day, size=_AT_ONCE, after=after):
            yield rows
            after = rows[-1].dev_eui, rows[-1].source


def _sums(rows: Iterable[LossDay]) -> Sums:
    by_source: dict[str, list[LossDay]] = {}
    for row in rows:
        by_source.setdefault(row.source, []).append(row)
    every = [row for some in by_source.values() for row in some]
    parts = tuple(summed(by_source[source]) for source in sorted(by_source))
    return Sums(summed(every), parts, len({row.dev_eui for row in every}))


def _checked(first_day: int, end_day: int, most: int) -> None:
    if not 0 < end_day - first_day <= most:
        message = f"{end_day - first_day} days: 1 to {most} expected"
        raise InvalidValue(message, field="end_date", value=str(end_day - first_day))
