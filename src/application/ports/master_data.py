"""Master data: what the city's administration says of devices, meters, spots and lamps."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar, runtime_checkable

from msgspec import Struct

from domain.device import DeviceEntry
from domain.lighting import Cabinet, Circuit, Gear, Lamp, SwitchingSchedule
from domain.meter import DeviceAtMeter, Meter, MeterAtPoint, MeteringPoint, RegisterDefinition
from domain.parking import Closure, ParkingZone, Spot

_MeterRecord = MeteringPoint | Meter | MeterAtPoint | DeviceAtMeter | RegisterDefinition
_ParkingRecord = Spot | ParkingZone | Closure
_LightingRecord = Lamp | Gear | Circuit | Cabinet | SwitchingSchedule
MasterRecord = DeviceEntry | _MeterRecord | _ParkingRecord | _LightingRecord
"""Every kind of record: a struct with a ``tag`` (its kind), a ``key`` and ``written_us``.

Keys are paths: ``point-7/2026-01-01T00:00:00Z`` begins with the thing it is about, so that all dated versions of one
thing are a prefix. What is valid from an instant carries it in its key.
"""

R = TypeVar("R", bound=MasterRecord)
Place = tuple[str, str]
"""Of a record: its kind and its key."""


def kind_of(record: type[Struct]) -> str:
    """Return the name of a kind of records, as stores and CSV files write it."""
    return str(record.__struct_config__.tag)


def place_of(record: MasterRecord) -> Place:
    """Return where a record stands."""
    return kind_of(type(record)), record.key


class MasterData(Protocol):
    """Keeps the latest written version of each record. Promises: tests/contract/master_data.py."""

    async def put(self, records: Sequence[MasterRecord]) -> None:
        """Store ``records``; of two versions of one the later written stays.

        Raises:
            Unavailable: not all could be stored; give all again.
        """

    async def remove(self, kind: type[MasterRecord], key: str, written_us: int) -> None:
        """Take a record away, if its version is not later written than ``written_us``; none is no error.

        A version written before that and put afterwards stays away too.

        Raises:
            Unavailable: the store cannot be written now.
        """

    async def get(self, kind: type[R], key: str) -> R:
        """Return one record.

        Raises:
            NotFound: there is none.
            Unavailable: the store does not answer.
        """

    async def page(self, kind: type[R], *, size: int, after: str = "", prefix: str = "") -> Sequence[R]:
        """Return up to ``size`` records by key, beyond ``after``, whose keys begin with ``prefix``.

        Fewer come only at the end.

        Raises:
            Unavailable: the store does not answer.
        """


@runtime_checkable
class SharedMasterData(MasterData, Protocol):
    """Master data that other processes change too."""

    async def put_over(
        self, records: Sequence[MasterRecord], made_of: Mapping[Place, int]
    ) -> Mapping[Place, MasterRecord]:
        """Store those of ``records`` that were made of the latest version; return the latest version of the others.

        ``made_of``: the write time of the version that each was made of; 0: there was none. Who made a record of an
        older one makes it of the latest and puts it again, later written than before.

        Raises:
            Unavailable: not all could be stored; give all again.
        """
