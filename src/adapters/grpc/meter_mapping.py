"""Metering points, consumption, read-outs, read rates and exchange cases as messages."""

from datetime import tzinfo

from adapters.grpc.meter_codes import medium_code, reason_codes, status_code
from adapters.grpc.meter_names import point_name
from adapters.grpc.reading_mapping import unit_of
from adapters.grpc.resource_names import device_name
from adapters.grpc.times import timestamp, timestamp_of_us
from adapters.grpc.value_mapping import register_message
from domain.meter import MSCONS, Calendar, Consumption, ExchangeCase, MeteringPoint, ReadOut, ReadRate
from stadtfunk.api.meter.v1 import meter_pb2
from stadtfunk.api.reading.v1.reading_pb2 import Register

_INT64 = range(-(2**63), 2**63)


def point_message(point: MeteringPoint) -> meter_pb2.MeteringPoint:
    """Return ``point`` as a resource."""
    return meter_pb2.MeteringPoint(
        name=point_name(point.point),
        medium=medium_code(point.medium),
        zone=point.zone,
        display_name=point.name,
        labels=point.labels,
        update_time=timestamp_of_us(point.written_us),
        data_class=point.data_class,
    )


def consumption_message(value: Consumption, zone: tzinfo) -> meter_pb2.Consumption:
    """Return ``value`` as a message, with the wall clock of ``zone``."""
    start, end = value.start, value.end
    return meter_pb2.Consumption(
        measurand=value.register.measurand,
        channel=value.register.channel,
        start_time=timestamp(value.since_ns),
        end_time=timestamp(value.until_ns),
        local_start=Calendar(zone).local(value.since_ns).isoformat(),
        value=_register(value.value, value.exponent),
        unit=unit_of(value.register.measurand),
        status=status_code(value.status),
        mscons_status=MSCONS[value.status],
        method=value.method,
        reasons=reason_codes(value.reasons),
        billable=value.billable,
        obstacles=reason_codes(value.obstacles),
        start_register=_register(start.register, value.exponent),
        end_register=_register(end.register, value.exponent),
        start_reading_time=timestamp(start.reading_ns) if start.reading_ns else None,
        end_reading_time=timestamp(end.reading_ns) if end.reading_ns else None,
        data_class=value.data_class,
    )


def read_out_message(value: ReadOut) -> meter_pb2.ReadOut:
    """Return ``value`` as a message."""
    return meter_pb2.ReadOut(
        metering_point=point_name(value.point),
        measurand=value.register.measurand,
        channel=value.register.channel,
        key_time=timestamp(value.at_ns),
        value=_register(value.value, value.exponent),
        unit=unit_of(value.register.measurand),
        status=status_code(value.status),
        mscons_status=MSCONS[value.status],
        method=value.method,
        reasons=reason_codes(value.reasons),
        billable=value.billable,
        obstacles=reason_codes(value.obstacles),
        reading_time=timestamp(value.reading_ns) if value.reading_ns else None,
        meter=value.meter,
        serial=value.serial,
        device=device_name(value.dev_eui) if value.dev_eui else "",
        obis_code=value.obis,
        data_class=value.data_class,
    )


def read_rate_message(rate: ReadRate) -> meter_pb2.ReadRate:
    """Return ``rate`` as a message."""
    return meter_pb2.ReadRate(
        start_time=timestamp(rate.since_ns),
        end_time=timestamp(rate.until_ns),
        zone=rate.group.zone,
        medium=medium_code(rate.group.medium),
        device_type=rate.group.device_type,
        meter_count=rate.meters,
        heard_count=rate.heard,
        unknown_count=rate.unknown,
        expected_count=rate.expected,
        received_count=rate.received,
    )


def exchange_case_message(case: ExchangeCase) -> meter_pb2.ExchangeCase:
    """Return ``case`` as a message."""
    return meter_pb2.ExchangeCase(
        metering_point=point_name(case.point),
        meter=case.meter,
        device=device_name(case.dev_eui),
        reported_serial=case.reported_serial,
        earliest_time=timestamp(case.earliest_ns),
        latest_time=timestamp(case.latest_ns),
    )


def _register(steps: int | None, exponent: int) -> Register | None:
    """Return a register as a message; None: there is none, or it has more digits than the API has places."""
    return register_message(steps, exponent) if steps is not None and steps in _INT64 else None
