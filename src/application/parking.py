"""Parking: the state of spots and zones, and how they were used."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from application.dated_records import found, things, versions, whole
from application.errors import NotFound
from application.frame_gaps import FrameGaps
from application.ports.clock import Clock
from application.ports.device_states import DeviceStates
from application.ports.master_data import MasterData
from application.ports.reading_query import ReadingQuery
from application.spot_history import AROUND_NS, SpotHistories
from application.window import window_end
from domain.dated import valid_at, validities
from domain.identifiers import DevEui
from domain.parking import (
    NO_ARRIVALS,
    Closure,
    Overstay,
    ParkingZone,
    Spot,
    SpotState,
    Stay,
    TimeUse,
    Turnover,
    ZoneCount,
    max_stay_ns,
    overstay,
    sensor_since_ns,
    spot_state,
    stays,
    time_use,
    turnover,
    zone_count,
)

_AT_ONCE = 16
"""Spots asked for together: half of what a session of Cassandra allows."""
_NS_PER_US = 1_000


class ZoneState(Struct, frozen=True):
    """A zone at an instant."""

    zone: ParkingZone
    at_ns: int
    count: ZoneCount


class StayOnSpot(Struct, frozen=True, gc=False):
    """A stay, and whether it was too long."""

    stay: Stay
    overstay: Overstay


class SpotUse(Struct, frozen=True):
    """How a spot was used in a window."""

    spot_id: str
    since_ns: int
    until_ns: int
    """Not beyond the present."""
    turnover: Turnover
    time: TimeUse
    stays: Sequence[StayOnSpot]
    """Those that lie at least partly in the window, oldest first."""


_Version = tuple[Spot, int, int]
"""A spot as it was from an instant up to but not another."""


class _Watched(NamedTuple):
    """A spot as it is valid, and since when its sensor is there."""

    spot: Spot
    since_ns: int


class Parking:
    """Answers from what sensors said and the administration says; every method raises Unavailable."""

    def __init__(
        self, readings: ReadingQuery, states: DeviceStates, records: MasterData, gaps: FrameGaps, clock: Clock
    ) -> None:
        self._histories = SpotHistories(readings, states, records, gaps)
        self._records = records
        self._clock = clock

    async def spot(self, spot_id: str, at_ns: int | None = None) -> SpotState:
        """Return the state of a spot, now or at ``at_ns``.

        Raises:
            NotFound: there is or was none of that name.
        """
        at_ns = self._not_beyond_now(at_ns)
        watched = _watched(await versions(self._records, Spot, spot_id), at_ns)
        if watched is None:
            raise NotFound(f"no parking spot {spot_id!r} is registered", spot=spot_id)
        return (await self._states_of([watched], at_ns))[0]

    async def spots(
        self, *, size: int, after: str = "", zone: str = "", at_ns: int | None = None
    ) -> Sequence[SpotState]:
        """Return up to ``size`` spots by name, beyond ``after``, of one zone if given; fewer only at the end."""
        at_ns = self._not_beyond_now(at_ns)
        chosen: list[_Watched] = []
        async for watched in self._spots(after, zone, at_ns):
            chosen.append(watched)
            if len(chosen) == size:
                break
        return await self._states_of(chosen, at_ns)

    async def zone(self, zone_id: str, at_ns: int | None = None) -> ZoneState:
        """Return how many spots of a zone are free, now or at ``at_ns``.

        Raises:
            NotFound: there is none of that name.
        """
        at_ns = self._not_beyond_now(at_ns)
        zone = await self._records.get(ParkingZone, zone_id)
        return await self._zone_state(zone, [each async for each in self._spots("", zone_id, at_ns)], at_ns)

    async def zones(self, *, size: int, after: str = "", at_ns: int | None = None) -> Sequence[ZoneState]:
        """Return up to ``size`` zones by name, beyond ``after``; fewer only at the end."""
        at_ns = self._not_beyond_now(at_ns)
        page = await self._records.page(ParkingZone, size=size, after=after)
        members: dict[str, list[_Watched]] = defaultdict(list)
        if page:
            async for watched in self._spots("", "", at_ns):
                members[watched.spot.zone].append(watched)
        return [await self._zone_state(zone, members[zone.zone_id], at_ns) for zone in page]

    async def use(self, spot_id: str, since_ns: int, until_ns: int) -> SpotUse:
        """Return how a spot was used in ``[since_ns, until_ns)``.

        Raises:
            NotFound: there is or was none of that name.
            InvalidValue: the window is longer than a year.
        """
        now_ns = self._not_beyond_now(None)
        until_ns = window_end(since_ns, until_ns, now_ns)
        known = await versions(self._records, Spot, spot_id)
        if not known:
            raise NotFound(f"no parking spot {spot_id!r} is registered", spot=spot_id)
        around = validities(known, since_ns - AROUND_NS, min(until_ns + AROUND_NS, now_ns))
        parts = [
            await self._part(each, max(each[0][1], since_ns), min(each[-1][2], until_ns))
            for each in _by_sensor(around)
            if each[0][1] < until_ns and since_ns < each[-1][2]
        ]
        unknown_ns = max(until_ns - since_ns, 0) - sum(part.time.window_ns for part in parts)
        return SpotUse(
            spot_id,
            since_ns,
            until_ns,
            sum((part.turnover for part in parts), NO_ARRIVALS),
            sum((part.time for part in parts), TimeUse(0, 0, unknown_ns)),
            [stay for part in parts for stay in part.stays],
        )

    async def _part(self, versions: Sequence[_Version], since_ns: int, until_ns: int) -> SpotUse:
        """Return the use of a spot in a window in which its sensor was there; ``versions`` reach around it."""
        spot, from_ns, _ = versions[0]
        if not spot.dev_eui:
            nobody_knows = TimeUse(0, 0, until_ns - since_ns)
            return SpotUse(spot.spot_id, since_ns, until_ns, Turnover(0, None), nobody_knows, ())
        history = await self._histories.around(DevEui(spot.dev_eui), from_ns, versions[-1][2])
        known, silent_ns = history.phases, history.silent_since_ns
        limits = [(await self._most_ns(each), start_ns, min(end_ns, until_ns)) for each, start_ns, end_ns in versions]
        return SpotUse(
            spot.spot_id,
            since_ns,
            until_ns,
            turnover(history.known, since_ns, until_ns, silent_ns),
            time_use(known, since_ns, until_ns),
            [StayOnSpot(stay, _worst(stay, limits)) for stay in stays(known) if stay.overlaps(since_ns, until_ns)],
        )

    async def _most_ns(self, spot: Spot) -> int:
        zone = await found(self._records, ParkingZone, spot.zone) if spot.zone else None
        return max_stay_ns(spot, zone)

    async def _zone_state(self, zone: ParkingZone, spots: Sequence[_Watched], at_ns: int) -> ZoneState:
        return ZoneState(zone, at_ns, zone_count(await self._states_of(spots, at_ns)))

    async def _spots(self, after: str, zone: str, at_ns: int) -> AsyncIterator[_Watched]:
        """Yield the spots that there are at ``at_ns``, by name."""
        async for _, known in things(self._records, Spot, after):
            watched = _watched(known, at_ns)
            if watched is not None and (not zone or watched.spot.zone == zone):
                yield watched

    async def _states_of(self, spots: Sequence[_Watched], at_ns: int) -> Sequence[SpotState]:
        closures = [each async for each in whole(self._records, Closure)]
        zones = {
            name: await found(self._records, ParkingZone, name) for name in {each.spot.zone for each in spots} if name
        }
        found_states: list[SpotState] = []
        for start in range(0, len(spots), _AT_ONCE):
            asked = (
                self._state_of(each, zones.get(each.spot.zone), closures, at_ns)
                for each in spots[start : start + _AT_ONCE]
            )
            found_states += await asyncio.gather(*asked)
        return found_states

    async def _state_of(
        self, watched: _Watched, zone: ParkingZone | None, closures: Sequence[Closure], at_ns: int
    ) -> SpotState:
        spot = watched.spot
        if not spot.dev_eui:
            return spot_state(spot, zone, closures, (), at_ns)
        history = await self._histories.latest(DevEui(spot.dev_eui), watched.since_ns, at_ns)
        return spot_state(spot, zone, closures, history.phases, at_ns, history.said_class)

    def _not_beyond_now(self, at_ns: int | None) -> int:
        now_ns = self._clock.now_us() * _NS_PER_US
        return now_ns if at_ns is None else min(at_ns, now_ns)


def _watched(known: Sequence[Spot], at_ns: int) -> _Watched | None:
    """Return the spot of which ``known`` are all versions as it is at ``at_ns``; None: there is none then."""
    spot = valid_at(known, at_ns)
    return None if spot is None or spot.removed else _Watched(spot, sensor_since_ns(known, at_ns))


def _by_sensor(versions: Sequence[_Version]) -> Sequence[Sequence[_Version]]:
    """Return the versions of a spot, those together during which one sensor was there; not the times without a spot."""
    found_ones: list[list[_Version]] = []
    for each in versions:
        spot, start_ns, _ = each
        if spot.removed:
            continue
        before = found_ones[-1][-1] if found_ones else None
        if before is not None and before[2] == start_ns and before[0].dev_eui == spot.dev_eui:
            found_ones[-1].append(each)
        else:
            found_ones.append([each])
    return found_ones


def _worst(stay: Stay, limits: Sequence[tuple[int, int, int]]) -> Overstay:
    """Return whether ``stay`` was too long by any of ``limits`` that held during it: the longest stay, since, until."""
    told = [
        overstay(stay, most_ns, until_ns) for most_ns, since_ns, until_ns in limits if stay.overlaps(since_ns, until_ns)
    ]
    return max(told, key=list(Overstay).index, default=Overstay.NO)
