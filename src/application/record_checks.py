"""Which rules a record must keep before it is stored: those of the domain, for itself and beside its neighbours."""

from collections.abc import Iterable

from application.ports.master_data import MasterData, MasterRecord
from domain.device import DeviceEntry, check_entry


async def check(record: MasterRecord, records: MasterData, pending: Iterable[MasterRecord]) -> None:
    """Return if ``record`` may stand beside what is stored in ``records`` and what is about to be (``pending``).

    Raises:
        DomainError: names the field, its value and the remedy.
        Unavailable: the store does not answer.
    """
    del records, pending
    if isinstance(record, DeviceEntry):
        check_entry(record)
