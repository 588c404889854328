"""Which rules a record must keep before it is stored: those of the domain, for itself and beside its neighbours."""

from typing import TypeVar

from application.all_pages import all_records
from application.ports.master_data import MasterData, MasterRecord
from application.time_zone import time_zone
from domain.device import DeviceEntry, check_entry
from domain.lighting import LightingRecord, SwitchingSchedule, check_lighting
from domain.meter import (
    Assignments,
    DeviceAtMeter,
    Meter,
    MeterAtPoint,
    MeteringPoint,
    RegisterDefinition,
    check_definition,
    meter_id,
    point_id,
)
from domain.parking import ParkingRecord, check_parking

Assigned = TypeVar("Assigned", MeterAtPoint, DeviceAtMeter)


class RecordChecks:
    """The rules for a batch of changes to ``records``: each record also stands beside those accepted before it."""

    def __init__(self, records: MasterData) -> None:
        self._records = records
        self._assignments: dict[type, Assignments] = {}

    async def check(self, record: MasterRecord) -> None:
        """Return if ``record`` may be stored.

        Raises:
            DomainError: names the field, its value and the remedy.
            Unavailable: the store does not answer.
        """
        if isinstance(record, DeviceEntry):
            check_entry(record)
        elif isinstance(record, ParkingRecord):
            check_parking(record)
        elif isinstance(record, LightingRecord):
            check_lighting(record)
            if isinstance(record, SwitchingSchedule):
                time_zone(record.time_zone)
        elif isinstance(record, MeteringPoint):
            point_id(record.point)
        elif isinstance(record, Meter):
            meter_id(record.meter)
        elif isinstance(record, RegisterDefinition):
            check_definition(record)
        elif isinstance(record, MeterAtPoint):
            point_id(record.point)
            meter_id(record.meter)
            (await self._known(MeterAtPoint)).add(record)
        elif isinstance(record, DeviceAtMeter):
            meter_id(record.meter)
            (await self._known(DeviceAtMeter)).add(record)

    async def _known(self, kind: type[Assigned]) -> Assignments:
        """Return all assignments of a kind, read once for the batch."""
        if kind not in self._assignments:
            self._assignments[kind] = Assignments(await all_records(self._records, kind))
        return self._assignments[kind]
