"""Which rules a record must keep before it is stored: those of the domain, for itself and beside its neighbours."""

from application.all_pages import all_records
from application.off_the_loop import off_the_loop
from application.ports.master_data import MasterData, MasterRecord
from application.time_zone import time_zone
from domain.device import DeviceEntry, check_entry
from domain.lighting import LightingRecord, SwitchingSchedule, check_lighting
from domain.meter import Assignments, DeviceAtMeter, MeterAtPoint, MeterRecord, check_meter_record
from domain.parking import ParkingRecord, check_parking


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
        elif isinstance(record, MeterRecord):
            check_meter_record(record)
            if isinstance(record, MeterAtPoint | DeviceAtMeter):
                (await self._known(type(record))).add(record)

    async def _known(self, kind: type[MeterAtPoint | DeviceAtMeter]) -> Assignments:
        """Return all assignments of a kind, read once for the batch."""
        if kind not in self._assignments:
            known = await all_records(self._records, kind)
            self._assignments[kind] = await off_the_loop(len(known), Assignments, known)
        return self._assignments[kind]
