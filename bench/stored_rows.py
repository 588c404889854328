"""How old a reading is when its row is acknowledged, and when its record can be read."""

import time
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path

from application.ports.observation_store import ObservationStore
from domain.observation import Observation

NOWHERE = ""


class Delays:
    """Times from the receipt of an uplink, in ms."""

    def __init__(self, moments: Iterable[int] = ()) -> None:
        self._us = array("q", moments)
        """When each uplink was received, then when it could be read, in turn."""

    def add(self, written_us: int, now_us: int) -> None:
        """Take one: ``written_us`` is when we received the uplink."""
        self._us.append(written_us)
        self._us.append(now_us)

    def times(self, since_us: int = 0) -> list[float]:
        """Return those of uplinks received from ``since_us`` on, smallest first."""
        pairs = zip(self._us[::2], self._us[1::2], strict=True)
        return sorted((now_us - written_us) / 1_000 for written_us, now_us in pairs if written_us >= since_us)

    def save(self, path: Path) -> None:
        """Keep them in a file."""
        path.write_bytes(self._us.tobytes())


def saved(path: Path) -> Delays:
    """Return what is in a file."""
    moments = array("q")
    moments.frombytes(path.read_bytes())
    return Delays(moments)


def quantile(times: Sequence[float], share: float) -> float:
    """Return the time that ``share`` of ``times``, which are sorted, do not exceed; 0 if there are none."""
    return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0


class TimedObservationStore:
    """An ``ObservationStore`` that notes how old what it has written is once it is acknowledged."""

    def __init__(self, store: ObservationStore, path: str) -> None:
        self._store = store
        self._path = Path(path)
        self._delays = Delays()

    async def write(self, observations: Sequence[Observation]) -> None:
        """Write, then look at the clock."""
        await self._store.write(observations)
        now_us = time.time_ns() // 1_000
        for observation in observations:
            self._delays.add(observation.written_us, now_us)

    def save(self) -> None:
        """Write all times to the file."""
        self._delays.save(self._path)
