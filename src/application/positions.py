"""Positions: where a device is, and where it has been."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct

from application.dated_records import found
from application.ports.clock import Clock
from application.ports.device_registry import DeviceRegistry
from application.ports.master_data import MasterData
from application.ports.reading_query import ReadingFilter, ReadingQuery, StoredReading
from domain.device import DeviceEntry
from domain.identifiers import DevEui
from domain.observation import DataClass, Position, data_class_of
from domain.position import OUTDATED_NS, BestPosition, Fix, best_position, track

_NS_PER_US = 1_000
_EVER_NS = -(2**63)
_POSITION, _FIX = "position", "position.fix"
_ASKED = frozenset((_POSITION, _FIX))
_PAGE = 500
"""A tracker that moves says where it is every minute or two: an hour before its newest word, and much more."""
_MOST_READ = 20 * _PAGE
"""A receiver in a garage that repeats an old fix every ten minutes, twice as many readings, for 34 days."""
MOST_FIXES = 100_000
"""Of one track: two months of a fix a minute."""


class DevicePosition(Struct, frozen=True):
    """Where a device is, and whose business that is."""

    dev_eui: DevEui
    at_ns: int
    best: BestPosition | None
    """None: nobody knows."""
    data_class: DataClass


class Positions:
    """Answers from readings and the registry; every method raises Unavailable."""

    def __init__(self, readings: ReadingQuery, devices: DeviceRegistry, records: MasterData, clock: Clock) -> None:
        self._readings = readings
        self._devices = devices
        self._records = records
        self._clock = clock

    async def position(self, device: DevEui, at_ns: int | None = None) -> DevicePosition:
        """Return where ``device`` is now, or was at ``at_ns``.

        Raises:
            NotFound: nobody knows the device.
        """
        now_ns = self._clock.now_us() * _NS_PER_US
        at_ns = now_ns if at_ns is None else min(at_ns, now_ns)
        entry = await self._entry(device)
        surveyed = _surveyed(entry, at_ns)
        fixes = await self._newest_fixes(device, at_ns) if surveyed is None else ()
        best = best_position(surveyed, fixes, at_ns)
        data_class = data_class_of(_POSITION, entry.data_class if entry is not None else "")
        return DevicePosition(device, at_ns, best, data_class)

    async def _newest_fixes(self, device: DevEui, at_ns: int) -> Sequence[Fix]:
        """Return the fixes up to ``at_ns`` as far back as they may count: an hour before the newest usable one."""
        told: list[StoredReading] = []
        after: tuple[int, str, str] | None = None
        asked = ReadingFilter(_EVER_NS, at_ns + 1, _ASKED)
        while True:
            page = await self._readings.page(device, asked, size=_PAGE, after=after)
            told += page
            if len(page) < _PAGE:
                return list(_fixes(told))
            oldest = page[-1]
            after = oldest.event_ns, oldest.reading.measurand, oldest.reading.channel
            # The oldest instant may go on in the next page.
            fixes = list(_fixes([each for each in told if each.event_ns > oldest.event_ns]))
            newest_ns = max((each.event_ns for each in fixes if each.is_position), default=_EVER_NS)
            if oldest.event_ns < newest_ns - OUTDATED_NS or len(told) >= _MOST_READ:
                return fixes

    async def track(self, device: DevEui, since_ns: int, until_ns: int, *, most: int = MOST_FIXES) -> Sequence[Fix]:
        """Return the first ``most`` places where ``device`` was in ``[since_ns, until_ns)``, one for each instant.

        Raises:
            NotFound: nobody knows the device.
        """
        entry = await self._entry(device)
        surveyed = _surveyed(entry, until_ns - 1)
        places: list[Fix] = []
        begun: list[StoredReading] = []
        async for chunk in self._readings.stream([device], ReadingFilter(since_ns, until_ns, _ASKED)):
            last_ns = chunk[-1].event_ns  # this instant may go on in the next chunk
            whole = [each for each in (*begun, *chunk) if each.event_ns < last_ns]
            begun = [each for each in (*begun, *chunk) if each.event_ns == last_ns]
            places += track(surveyed, _fixes(whole), since_ns, until_ns)
            if len(places) >= most:
                return places[:most]
        places += track(surveyed, _fixes(begun), since_ns, until_ns)
        return places[:most]

    async def _entry(self, device: DevEui) -> DeviceEntry | None:
        """Return what the registry says of a device; None: it has only registered itself."""
        entry = await found(self._records, DeviceEntry, device)
        if entry is None:
            await self._devices.get(device)
        return entry


def _surveyed(entry: DeviceEntry | None, at_ns: int) -> Position | None:
    return entry.place if entry is not None and entry.in_service(at_ns) else None


def _fixes(told: Sequence[StoredReading]) -> Iterator[Fix]:
    """Yield what was said of the place; a receiver that says it had no fix repeats an old one."""
    fresh: dict[int, bool] = defaultdict(lambda: True)
    for each in told:
        if each.reading.measurand == _FIX and each.reading.value is False:
            fresh[each.event_ns] = False
    for each in told:
        place = each.reading.value
        if each.reading.measurand == _POSITION and isinstance(place, Position):
            yield Fix(each.event_ns, place, each.reading.quality, fresh[each.event_ns])
