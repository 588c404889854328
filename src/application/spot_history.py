"""What the stores know of a parking sensor: its reports, its lost frames, and whether it still speaks."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct

from application.dated_records import found
from application.errors import NotFound
from application.frame_gaps import FrameGaps
from application.ports.device_states import DeviceStates
from application.ports.master_data import MasterData
from application.ports.reading_query import ReadingFilter, ReadingQuery, StoredReading
from domain.device import DeviceEntry
from domain.identifiers import DevEui
from domain.observation import Value
from domain.parking import Evidence, Phase, SpotReport, evidence, phases, report_kind

_DAY_NS = 86_400 * 1_000_000_000
LONGEST_STAY_NS = 30 * _DAY_NS
"""How far back the beginning of a state is looked for: what stands there for longer stands there for good."""
_FIRST_PAGE, _LARGEST_PAGE = 16, 1_024
"""Readings asked for at once: mostly the last change is among a few; where not, each page is four times longer."""
AROUND_NS = 3 * _DAY_NS
"""Sensors send a heartbeat a day: of three, one has come. So the state at the begin of a window is known from what came
before it, and what was lost at its end from what comes after."""
_NS_PER_S = 1_000_000_000


class SpotHistory(Struct, frozen=True):
    """What is known of a spot up to an instant."""

    known: Evidence
    silent_since_ns: int | None
    """When the sensor was heard last, if it should have spoken again since."""
    said_class: str = ""
    """What the registry says of the data class of its sensor."""

    @property
    def phases(self) -> Sequence[Phase]:
        """Return it in phases."""
        return phases(self.known, self.silent_since_ns)


class SpotHistories:
    """Reads the histories of spots."""

    def __init__(self, readings: ReadingQuery, states: DeviceStates, records: MasterData, gaps: FrameGaps) -> None:
        self._readings = readings
        self._gaps = gaps
        self._states = states
        self._records = records

    async def latest(self, device: DevEui, since_ns: int, at_ns: int) -> SpotHistory:
        """Return as much of the history as tells the state at ``at_ns`` and its beginning, none before ``since_ns``.

        Raises:
            Unavailable: a store does not answer.
        """
        asked = ReadingFilter(max(since_ns, at_ns - LONGEST_STAY_NS), at_ns + 1)
        told: list[StoredReading] = []
        after: tuple[int, str, str] | None = None
        size = _FIRST_PAGE
        while True:
            page = await self._readings.page(device, asked, size=size, after=after)
            told += page
            if len(page) < size:
                return await self._history(device, told, at_ns)
            last = page[-1]
            after = last.event_ns, last.reading.measurand, last.reading.channel
            # The oldest instant may go on in the next page.
            history = await self._history(device, [each for each in told if each.event_ns > last.event_ns], at_ns)
            if any(transition.changed for transition in history.known.transitions):
                return history
            size = min(4 * size, _LARGEST_PAGE)

    async def around(self, device: DevEui, since_ns: int, until_ns: int) -> SpotHistory:
        """Return the history of ``[since_ns, until_ns)``, which reaches around what is asked as far as it may.

        Raises:
            Unavailable: a store does not answer.
        """
        chunks = self._readings.stream([device], ReadingFilter(since_ns, until_ns))
        told = [each async for chunk in chunks for each in chunk]
        return await self._history(device, told, until_ns)

    async def _history(self, device: DevEui, told: Sequence[StoredReading], at_ns: int) -> SpotHistory:
        entry = await found(self._records, DeviceEntry, device)
        heartbeat_ns = entry.expected_interval_s * _NS_PER_S if entry is not None else 0
        known = evidence(_reports(told), await self._gaps.within(device, told), heartbeat_ns)
        heard_ns = max((each.event_ns for each in told), default=0)
        silent_since_ns = await self._silent_since_ns(entry, heard_ns, at_ns) if entry is not None else None
        return SpotHistory(known, silent_since_ns, entry.data_class if entry is not None else "")

    async def _silent_since_ns(self, entry: DeviceEntry, heard_ns: int, at_ns: int) -> int | None:
        if not entry.expected_interval_s:
            return None
        last_seen_ns = await self._last_seen_ns(entry.dev_eui)
        if last_seen_ns <= at_ns:
            heard_ns = max(heard_ns, last_seen_ns)
        return heard_ns if at_ns - heard_ns > entry.expected_interval_s * _NS_PER_S else None

    async def _last_seen_ns(self, device: DevEui) -> int:
        try:
            return (await self._states.get(device)).last_seen_ns
        except NotFound:
            return 0


def _reports(told: Sequence[StoredReading]) -> Iterator[SpotReport]:
    """Yield what the sensor said of its spot: one report for each instant."""
    instants: dict[int, list[StoredReading]] = defaultdict(list)
    for each in told:
        instants[each.event_ns].append(each)
    for event_ns, said in instants.items():
        values: dict[str, Value] = {each.reading.measurand: each.reading.value for each in said}
        occupied, lasted_s = values.get("parking.occupied"), values.get("parking.previous_state_duration")
        if isinstance(occupied, bool):
            previous_ns = int(lasted_s * _NS_PER_S) if isinstance(lasted_s, int | float) else None
            yield SpotReport(event_ns, occupied, report_kind(values, said[0].device_type), previous_ns)
