"""Master data in memory."""

from collections.abc import Sequence

from application.errors import NotFound
from application.ports.master_data import MasterRecord, R, kind_of


class MemoryMasterData:
    """Keeps the latest written version of each record, and until when a removed one stays away."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], MasterRecord] = {}
        self._removed_us: dict[tuple[str, str], int] = {}

    async def put(self, records: Sequence[MasterRecord]) -> None:
        for record in records:
            place = kind_of(type(record)), record.key
            before = self._records.get(place)
            if record.written_us < self._removed_us.get(place, 0) or (
                before is not None and record.written_us < before.written_us
            ):
                continue
            self._records[place] = record

    async def remove(self, kind: type[MasterRecord], key: str, written_us: int) -> None:
        place = kind_of(kind), key
        before = self._records.get(place)
        if before is None or before.written_us <= written_us:
            self._records.pop(place, None)
            self._removed_us[place] = max(written_us, self._removed_us.get(place, 0))

    async def get(self, kind: type[R], key: str) -> R:
        found = self._records.get((kind_of(kind), key))
        if not isinstance(found, kind):
            raise NotFound(f"no {kind_of(kind)} {key!r} is registered", kind=kind_of(kind), key=key)
        return found

    async def page(self, kind: type[R], *, size: int, after: str = "", prefix: str = "") -> Sequence[R]:
        name = kind_of(kind)
        keys = sorted(key for of, key in self._records if of == name and key > after and key.startswith(prefix))
        return [record for key in keys[:size] if isinstance(record := self._records[name, key], kind)]
