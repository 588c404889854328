"""What the meter service answers, as domain values again: the client's side of adapters.grpc.meter_mapping."""

from adapters.grpc.meter_codes import medium, reasons, status
from adapters.grpc.times import nanoseconds
from domain.identifiers import DevEui
from domain.meter import (
    Boundary,
    Consumption,
    ExchangeCase,
    Group,
    MeterId,
    PointId,
    ReadOut,
    ReadRate,
    RegisterName,
)
from domain.observation import MEASURANDS, DataClass
from stadtfunk.api.meter.v1 import meter_pb2
from stadtfunk.api.reading.v1.reading_pb2 import Register

_POINTS, _DEVICES = "meteringPoints/", "devices/"


def consumption_of(message: meter_pb2.Consumption) -> Consumption:
    """Return the consumption that ``message`` carries; of its boundaries what the API says of them."""
    start_ns, end_ns = nanoseconds(message.start_time), nanoseconds(message.end_time)
    start = _steps(message.start_register) if message.HasField("start_register") else None
    end = _steps(message.end_register) if message.HasField("end_register") else None
    how = status(message.status)
    return Consumption(
        RegisterName(message.measurand, message.channel),
        start_ns,
        end_ns,
        how,
        _steps(message.value) if message.HasField("value") else None,
        _exponent(message.measurand),
        Boundary(start_ns, how, register=start, reading_ns=nanoseconds(message.start_reading_time)),
        Boundary(end_ns, how, register=end, reading_ns=nanoseconds(message.end_reading_time)),
        message.method,
        reasons(message.reasons),
        reasons(message.obstacles),
        DataClass(message.data_class),
    )


def read_out_of(message: meter_pb2.ReadOut) -> ReadOut:
    """Return the read-out that ``message`` carries."""
    return ReadOut(
        PointId(message.metering_point.removeprefix(_POINTS)),
        RegisterName(message.measurand, message.channel),
        nanoseconds(message.key_time),
        status(message.status),
        _steps(message.value) if message.HasField("value") else None,
        _exponent(message.measurand),
        nanoseconds(message.reading_time),
        MeterId(message.meter),
        message.serial,
        DevEui(message.device.removeprefix(_DEVICES)),
        message.obis_code,
        message.method,
        reasons(message.reasons),
        reasons(message.obstacles),
        DataClass(message.data_class),
    )


def read_rate_of(message: meter_pb2.ReadRate) -> ReadRate:
    """Return the read rate that ``message`` carries."""
    return ReadRate(
        Group(message.zone, medium(message.medium), message.device_type),
        nanoseconds(message.start_time),
        nanoseconds(message.end_time),
        message.meter_count,
        message.heard_count,
        message.expected_count,
        message.received_count,
        message.unknown_count,
    )


def exchange_case_of(message: meter_pb2.ExchangeCase) -> ExchangeCase:
    """Return the exchange case that ``message`` carries."""
    return ExchangeCase(
        PointId(message.metering_point.removeprefix(_POINTS)),
        MeterId(message.meter),
        DevEui(message.device.removeprefix(_DEVICES)),
        message.reported_serial,
        nanoseconds(message.earliest_time),
        nanoseconds(message.latest_time),
    )


def _steps(register: Register) -> int:
    return register.unscaled


def _exponent(measurand: str) -> int:
    row = MEASURANDS.get(measurand)
    return row.exponent if row else 0
