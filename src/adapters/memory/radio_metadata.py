"""Radio metadata in memory."""

from collections.abc import Sequence

from domain.identifiers import DevEui
from domain.radio import ConnectionInfo
from domain.rfc3339 import parse_rfc3339


class MemoryRadioMetadata:
    """One record an uplink, by its key."""

    def __init__(self) -> None:
        self._known: dict[tuple[DevEui, int, str, int], ConnectionInfo] = {}

    async def write(self, connections: Sequence[ConnectionInfo]) -> None:
        for each in connections:
            self._known[each.dev_eui, parse_rfc3339(each.time), each.source, each.f_cnt] = each

    async def of_device(
        self, device: DevEui, since_ns: int, until_ns: int, *, size: int = 1_000
    ) -> Sequence[ConnectionInfo]:
        keys = [key for key in self._known if key[0] == device and since_ns <= key[1] < until_ns]
        return [self._known[key] for key in sorted(keys, key=lambda key: (-key[1], *key[2:]))[:size]]
