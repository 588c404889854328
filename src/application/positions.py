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
from domain.position import BestPosition, Fix, best_position, track

_NS_PER_US = 1_000
_EVER_NS = -(2**63)
_POSITION, _FIX = "position", "position.fix"
_ASKED = frozenset((_POSITION, _FIX))
_PAGE = 500
"""A tracker that moves says where it is every minute or two: an hour before its newest word, and much more."""
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
        asked = ReadingFilter(_EVER_NS, at_ns + 1, _ASKED)
        told = await self._readings.page(device, asked, size=_PAGE)
        best = best_position(_surveyed(entry, at_ns), _fixes(told), at_ns)
        data_class = data_class_of(_POSITION, entry.data_class if entry is not None else "")
        return DevicePosition(device, at_ns, best, data_class)

    async def track(self, device: DevEui, since_ns: int, until_ns: int, *, most: int = MOST_FIXES) -> Sequence[Fix]:
        """Return the first ``most`` places where ``device`` was in ``[since_ns, until_ns)``, one for each instant.

        Raises:
            NotFound: nobody knows the device.
        """
        entry = await self._entry(device)
        surveyed = _surveyed(entry, until_ns - 1)
        told: list[StoredReading] = []
        places: Sequence[Fix] = ()
        async for chunk in self._readings.stream([device], ReadingFilter(since_ns, until_ns, _ASKED)):
            told += chunk
            # The last instant may go on in the next chunk.
            places = track(surveyed, _fixes(told), since_ns, chunk[-1].event_ns)
            if len(places) >= most:
                return places[:most]
        return track(surveyed, _fixes(told), since_ns, until_ns)[:most]

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
