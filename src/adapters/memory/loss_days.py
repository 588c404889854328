"""The loss ledger in memory."""

from collections.abc import Sequence

from domain.identifiers import DevEui
from domain.radio import LossDay


class MemoryLossDays:
    """Keeps the latest written row of each device, day and source."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, str, str], LossDay] = {}

    async def write(self, days: Sequence[LossDay]) -> None:
        for row in days:
            key = row.day, row.dev_eui, row.source
            before = self._rows.get(key)
            if before is None or before.written_us <= row.written_us:
                self._rows[key] = row

    async def of_device(self, device: DevEui, first_day: int, last_day: int) -> Sequence[LossDay]:
        found = [row for row in self._rows.values() if row.dev_eui == device and first_day <= row.day <= last_day]
        return sorted(found, key=_day_and_source)

    async def of_day(self, day: int, *, size: int, after: tuple[str, str] = ("", "")) -> Sequence[LossDay]:
        found = [row for row in self._rows.values() if row.day == day and _device_and_source(row) > after]
        return sorted(found, key=_device_and_source)[:size]


def _day_and_source(row: LossDay) -> tuple[int, str]:
    return row.day, row.source


def _device_and_source(row: LossDay) -> tuple[str, str]:
    return row.dev_eui, row.source
