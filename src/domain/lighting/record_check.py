"""What records of lighting must be like before they are kept."""

from datetime import UTC

from domain.errors import InvalidValue
from domain.lighting.circuit import Cabinet, Circuit
from domain.lighting.lamp import Gear, Lamp
from domain.lighting.switching_schedule import SwitchingSchedule, lit_by_plan
from domain.observation import channel
from domain.record_fields import check_data_class, check_device, check_name, check_not_negative, check_place

LightingRecord = Lamp | Gear | Circuit | Cabinet | SwitchingSchedule


def check_lighting(record: LightingRecord) -> None:
    """Return if ``record`` can be used as it is; whether a time zone exists, the application knows.

    Raises:
        InvalidValue: names the field, its value and what was expected.
    """
    if isinstance(record, Lamp):
        _check_lamp(record)
    elif isinstance(record, Gear):
        _check_gear(record)
    elif isinstance(record, Circuit):
        _check_circuit(record)
    elif isinstance(record, Cabinet):
        check_name(record.cabinet_id, "cabinet_id")
        check_place(record.place)
    else:
        _check_schedule(record)


def _check_lamp(lamp: Lamp) -> None:
    check_name(lamp.lamp_id, "lamp_id")
    check_not_negative(lamp.valid_from_ns, "valid_from_ns")
    check_name(lamp.circuit, "circuit", is_optional=True)
    check_device(lamp.dev_eui)
    channel(lamp.channel)
    check_place(lamp.place)
    check_data_class(lamp.data_class)


def _check_gear(gear: Gear) -> None:
    check_name(gear.lamp_id, "lamp_id")
    check_not_negative(gear.valid_from_ns, "valid_from_ns")
    check_not_negative(gear.start_s, "start_s")
    if gear.end_s is not None and gear.end_s < gear.start_s:
        raise InvalidValue("its register ends below its start", field="end_s", value=str(gear.end_s))


def _check_circuit(circuit: Circuit) -> None:
    check_name(circuit.circuit_id, "circuit_id")
    check_not_negative(circuit.valid_from_ns, "valid_from_ns")
    check_name(circuit.cabinet, "cabinet", is_optional=True)
    check_name(circuit.schedule, "schedule", is_optional=True)
    check_not_negative(circuit.expected_interval_s, "expected_interval_s")


def _check_schedule(schedule: SwitchingSchedule) -> None:
    check_name(schedule.schedule_id, "schedule_id")
    check_not_negative(schedule.valid_from_ns, "valid_from_ns")
    check_place(schedule.place)
    lit_by_plan(schedule, UTC, 0, 1)  # reads every time of it
