"""What requests to the meter service ask for."""

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from adapters.grpc.meter_codes import grain
from adapters.grpc.times import bound
from application.consumption import Between
from application.register_choice import RegisterChoice
from application.time_zone import time_zone
from domain.errors import InvalidValue
from domain.meter import Grain
from stadtfunk.api.meter.v1.meter_service_pb2 import (
    GetConsumptionRequest,
    ListConsumptionRequest,
    ListReadOutsRequest,
    QueryReadRatesRequest,
    RegisterSelection,
)

_DAY_S = 86_400
_LONGEST_AGE_S = 400 * _DAY_S
"""A meter that is read once a year, and some."""
_NS_PER_S = 10**9


def calendar_of(request: ListConsumptionRequest) -> Between:
    """Return which buckets ``request`` asks for.

    Raises:
        InvalidValue: names the field.
    """
    return Between(
        _required(request, request.start_time, "start_time"),
        _required(request, request.end_time, "end_time"),
        time_zone(request.time_zone),
        grain(request.grain),
        _seconds(request.day_start_offset, "day_start_offset", _DAY_S - 1),
    )


def instants_of(request: GetConsumptionRequest) -> Between:
    """Return between which instants ``request`` asks.

    Raises:
        InvalidValue: names the field.
    """
    return Between(
        _required(request, request.start_time, "start_time"),
        _required(request, request.end_time, "end_time"),
        time_zone(request.time_zone or "UTC"),
    )


def days_of(request: QueryReadRatesRequest) -> Between:
    """Return which days ``request`` asks for.

    Raises:
        InvalidValue: names the field.
    """
    return Between(
        _required(request, request.start_time, "start_time"),
        _required(request, request.end_time, "end_time"),
        time_zone(request.time_zone),
        Grain.DAY,
    )


def key_time_of(request: ListReadOutsRequest) -> int:
    """Return the key date of ``request``.

    Raises:
        InvalidValue: there is none.
    """
    return _required(request, request.key_time, "key_time")


def choice_of(selection: RegisterSelection) -> RegisterChoice:
    """Return which registers ``selection`` asks for.

    Raises:
        InvalidValue: names the field.
    """
    age_s = _DAY_S
    if selection.HasField("max_reading_age"):
        age_s = _seconds(selection.max_reading_age, "register.max_reading_age", _LONGEST_AGE_S)
    return RegisterChoice(
        age_s * _NS_PER_S,
        selection.measurand,
        selection.channel if selection.HasField("channel") else None,
        selection.interpolate,
    )


def _required(
    request: GetConsumptionRequest | ListConsumptionRequest | ListReadOutsRequest | QueryReadRatesRequest,
    instant: Timestamp,
    field: str,
) -> int:
    if not request.HasField(field):  # type: ignore[arg-type]  # a literal name
        raise InvalidValue(f"{field} is missing", field=field, value="")
    return bound(instant, field)


def _seconds(duration: Duration, field: str, most: int) -> int:
    """Return whole seconds; the wall clock and the ages of readings know no finer ones."""
    if duration.nanos or not 0 <= duration.seconds <= most:
        value = f"{duration.seconds} s {duration.nanos} ns"
        raise InvalidValue(f"{value} is not 0 to {most} whole seconds", field=field, value=value)
    return duration.seconds
