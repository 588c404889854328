"""Spots, zones and their use as messages."""

from adapters.grpc.bounds_mapping import bounds_message, duration
from adapters.grpc.city_names import PARKING_ZONES, SPOTS, city_name
from adapters.grpc.resource_names import device_name
from adapters.grpc.times import timestamp
from adapters.grpc.value_mapping import position_message
from application.parking import SpotUse, StayOnSpot, ZoneState
from domain.identifiers import DevEui
from domain.parking import Occupancy, Overstay, SpotCount, SpotKind, SpotState, Turnover
from stadtfunk.api.parking.v1 import parking_pb2

KINDS: dict[SpotKind, parking_pb2.SpotKind.ValueType] = {
    SpotKind.PUBLIC: parking_pb2.SPOT_KIND_PUBLIC,
    SpotKind.DISABLED: parking_pb2.SPOT_KIND_DISABLED,
    SpotKind.CHARGING: parking_pb2.SPOT_KIND_CHARGING,
    SpotKind.LOADING: parking_pb2.SPOT_KIND_LOADING,
    SpotKind.RESIDENT: parking_pb2.SPOT_KIND_RESIDENT,
    SpotKind.CAR_SHARING: parking_pb2.SPOT_KIND_CAR_SHARING,
    SpotKind.TAXI: parking_pb2.SPOT_KIND_TAXI,
    SpotKind.RESERVED: parking_pb2.SPOT_KIND_RESERVED,
}
OCCUPANCIES: dict[Occupancy, parking_pb2.Occupancy.ValueType] = {
    Occupancy.OCCUPIED: parking_pb2.OCCUPANCY_OCCUPIED,
    Occupancy.FREE: parking_pb2.OCCUPANCY_FREE,
    Occupancy.UNKNOWN: parking_pb2.OCCUPANCY_UNKNOWN,
    Occupancy.OUT_OF_SERVICE: parking_pb2.OCCUPANCY_OUT_OF_SERVICE,
}
OVERSTAYS: dict[Overstay, parking_pb2.Overstay.ValueType] = {
    Overstay.NO: parking_pb2.OVERSTAY_NO,
    Overstay.POSSIBLE: parking_pb2.OVERSTAY_POSSIBLE,
    Overstay.CERTAIN: parking_pb2.OVERSTAY_CERTAIN,
}


def spot_message(state: SpotState) -> parking_pb2.Spot:
    """Return a spot and its state as a resource."""
    spot = state.spot
    return parking_pb2.Spot(
        name=city_name(SPOTS, spot.spot_id),
        zone=city_name(PARKING_ZONES, spot.zone),
        kind=KINDS[spot.kind],
        device=device_name(DevEui(spot.dev_eui)) if spot.dev_eui else "",
        position=position_message(spot.place) if spot.place is not None else None,
        state_time=timestamp(state.at_ns),
        occupancy=OCCUPANCIES[state.occupancy],
        since=bounds_message(state.since),
        reason=state.reason,
        overstay=OVERSTAYS[state.overstay],
        data_class=state.data_class,
    )


def zone_message(state: ZoneState) -> parking_pb2.ParkingZone:
    """Return a zone and its counts as a resource."""
    return parking_pb2.ParkingZone(
        name=city_name(PARKING_ZONES, state.zone.zone_id),
        display_name=state.zone.name,
        state_time=timestamp(state.at_ns),
        total=_count(state.count.total),
        kind_counts=[
            parking_pb2.SpotKindCount(kind=KINDS[kind], count=_count(count))
            for kind, count in state.count.by_kind.items()
        ],
    )


def use_message(use: SpotUse) -> parking_pb2.SpotUse:
    """Return the use of a spot as a message."""
    return parking_pb2.SpotUse(
        spot=city_name(SPOTS, use.spot_id),
        start_time=timestamp(use.since_ns),
        end_time=timestamp(use.until_ns),
        turnover=_turnover(use.turnover),
        occupied_duration=duration(use.time.occupied_ns),
        free_duration=duration(use.time.free_ns),
        unknown_duration=duration(use.time.unknown_ns),
        stays=[_stay(each) for each in use.stays],
    )


def _count(count: SpotCount) -> parking_pb2.SpotCount:
    return parking_pb2.SpotCount(
        capacity=count.capacity,
        occupied=count.occupied,
        free=count.free,
        unknown=count.unknown,
        out_of_service=count.out_of_service,
        overstayed=count.overstayed,
    )


def _turnover(turnover: Turnover) -> parking_pb2.Turnover:
    return parking_pb2.Turnover(count=turnover.count, least_count=turnover.least, most_count=turnover.most)


def _stay(each: StayOnSpot) -> parking_pb2.Stay:
    stay = each.stay
    return parking_pb2.Stay(
        since=bounds_message(stay.since),
        until=bounds_message(stay.until),
        interrupted=not stay.unbroken,
        overstay=OVERSTAYS[each.overstay],
    )
