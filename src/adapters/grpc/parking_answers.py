"""Spots, zones and their use, as a client reads them from messages."""

from adapters.grpc.bounds_mapping import between_of, duration_ns
from adapters.grpc.city_names import PARKING_ZONES, SPOTS
from adapters.grpc.parking_mapping import KINDS, OCCUPANCIES, OVERSTAYS
from adapters.grpc.times import nanoseconds
from adapters.grpc.value_mapping import position_of
from application.parking import SpotUse, StayOnSpot, ZoneState
from domain.observation import DataClass
from domain.parking import ParkingZone, Spot, SpotCount, SpotState, Stay, TimeUse, Turnover, ZoneCount
from stadtfunk.api.parking.v1 import parking_pb2

_KINDS = {code: kind for kind, code in KINDS.items()}
_OCCUPANCIES = {code: occupancy for occupancy, code in OCCUPANCIES.items()}
_OVERSTAYS = {code: overstay for overstay, code in OVERSTAYS.items()}


def spot_state_of(message: parking_pb2.Spot) -> SpotState:
    """Return the state that ``message`` carries; of the spot's master data what the API says."""
    spot = Spot(
        message.name.removeprefix(SPOTS),
        0,
        zone=message.zone.removeprefix(PARKING_ZONES),
        kind=_KINDS[message.kind],
        dev_eui=message.device.removeprefix("devices/"),
        place=position_of(message.position) if message.HasField("position") else None,
    )
    return SpotState(
        spot,
        nanoseconds(message.state_time),
        _OCCUPANCIES[message.occupancy],
        between_of(message.since) if message.HasField("since") else None,
        message.reason,
        _OVERSTAYS[message.overstay],
        DataClass(message.data_class),
    )


def zone_state_of(message: parking_pb2.ParkingZone) -> ZoneState:
    """Return the zone and its counts that ``message`` carries."""
    zone = ParkingZone(message.name.removeprefix(PARKING_ZONES), 0, message.display_name)
    by_kind = {_KINDS[each.kind]: _count(each.count) for each in message.kind_counts}
    return ZoneState(zone, nanoseconds(message.state_time), ZoneCount(_count(message.total), by_kind))


def spot_use_of(message: parking_pb2.SpotUse) -> SpotUse:
    """Return the use of a spot that ``message`` carries."""
    turnover = message.turnover
    return SpotUse(
        message.spot.removeprefix(SPOTS),
        nanoseconds(message.start_time),
        nanoseconds(message.end_time),
        Turnover(turnover.least_count, turnover.most_count if turnover.HasField("most_count") else None),
        TimeUse(
            duration_ns(message.occupied_duration),
            duration_ns(message.free_duration),
            duration_ns(message.unknown_duration),
        ),
        [_stay(each) for each in message.stays],
    )


def _count(count: parking_pb2.SpotCount) -> SpotCount:
    return SpotCount(count.occupied, count.free, count.unknown, count.out_of_service, count.overstayed)


def _stay(message: parking_pb2.Stay) -> StayOnSpot:
    until = between_of(message.until) if message.HasField("until") else None
    stay = Stay(between_of(message.since), until, not message.interrupted)
    return StayOnSpot(stay, _OVERSTAYS[message.overstay])
