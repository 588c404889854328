"""What records of parking must be like before they are kept."""

from domain.errors import InvalidValue
from domain.parking.closure import Closure
from domain.parking.spot import ParkingZone, Spot, SpotKind
from domain.record_fields import check_data_class, check_device, check_name, check_not_negative, check_place

ParkingRecord = Spot | ParkingZone | Closure


def check_parking(record: ParkingRecord) -> None:
    """Return if ``record`` can be used as it is.

    Raises:
        InvalidValue: names the field, its value and what was expected.
    """
    if isinstance(record, Spot):
        _check_spot(record)
    elif isinstance(record, ParkingZone):
        _check_zone(record)
    else:
        _check_closure(record)


def _check_spot(spot: Spot) -> None:
    check_name(spot.spot_id, "spot_id")
    check_not_negative(spot.valid_from_ns, "valid_from_ns")
    check_name(spot.zone, "zone", is_optional=True)
    check_device(spot.dev_eui)
    check_place(spot.place)
    check_not_negative(spot.max_stay_s, "max_stay_s")
    check_data_class(spot.data_class)


def _check_zone(zone: ParkingZone) -> None:
    check_name(zone.zone_id, "zone_id")
    for kind, seconds in zone.max_stay_s.items():
        if kind not in list(SpotKind):
            known = ", ".join(SpotKind)
            raise InvalidValue(f"there is no kind of spots {kind!r}, but {known}", field="max_stay_s", value=kind)
        check_not_negative(seconds, "max_stay_s")


def _check_closure(closure: Closure) -> None:
    check_not_negative(closure.from_ns, "from_ns")
    check_name(closure.spot_id or closure.zone, "spot_id" if closure.spot_id else "zone")
    if closure.until_ns and closure.until_ns < closure.from_ns:
        raise InvalidValue("it ends before it begins", field="until_ns", value=str(closure.until_ns))
