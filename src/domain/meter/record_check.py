"""What people may say of metering points and meters, each record for itself."""

from domain.errors import InvalidValue
from domain.identifiers import dev_eui
from domain.meter.assignment import TRANSPORTS, DeviceAtMeter, MeterAtPoint
from domain.meter.identifiers import meter_id, point_id
from domain.meter.metering_point import Meter, MeteringPoint
from domain.meter.register_definition import RegisterDefinition, check_definition
from domain.observation import DataClass, channel

_MOST_SERIALS = 10
"""A meter is written in a few ways: on its plate, over M-Bus, by its optical head."""


MeterRecord = MeteringPoint | Meter | MeterAtPoint | DeviceAtMeter | RegisterDefinition


def check_meter_record(record: MeterRecord) -> None:
    """Return if ``record`` can be used as it is, whatever stands beside it.

    Raises:
        InvalidValue: names the field, its value and what was expected.
    """
    if isinstance(record, MeteringPoint):
        _check_point(record)
    elif isinstance(record, Meter):
        _check_meter(record)
    elif isinstance(record, RegisterDefinition):
        check_definition(record)
    else:
        _check_names(record)


def _check_point(point: MeteringPoint) -> None:
    point_id(point.point)
    if point.data_class and point.data_class not in list(DataClass):
        known = ", ".join(DataClass)
        raise InvalidValue(f"no data class {point.data_class!r}: {known}", field="data_class", value=point.data_class)


def _check_meter(meter: Meter) -> None:
    meter_id(meter.meter)
    if len(meter.serials) > _MOST_SERIALS or not all(_says_something(serial) for serial in meter.serials):
        message = f"up to {_MOST_SERIALS} numbers with a letter or digit expected"
        raise InvalidValue(message, field="serials", value=", ".join(meter.serials))
    if meter.calibrated_until_ns < 0:
        value = str(meter.calibrated_until_ns)
        raise InvalidValue("no calibration ended before 1970", field="calibrated_until", value=value)


def _check_names(assignment: MeterAtPoint | DeviceAtMeter) -> None:
    meter_id(assignment.meter)
    if isinstance(assignment, MeterAtPoint):
        point_id(assignment.point)
        return
    channel(assignment.input)
    if dev_eui(assignment.dev_eui) != assignment.dev_eui:
        raise InvalidValue("16 lower-case hex digits expected", field="dev_eui", value=assignment.dev_eui)
    if assignment.transport not in TRANSPORTS:
        message = f"no transport {assignment.transport!r}: {' or '.join(TRANSPORTS)}"
        raise InvalidValue(message, field="transport", value=assignment.transport)
    if assignment.interval_s < 0:
        value = str(assignment.interval_s)
        raise InvalidValue(f"an interval of {value} s is none", field="interval_s", value=value)


def _says_something(serial: str) -> bool:
    return any(each.isalnum() for each in serial)
