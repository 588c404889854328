"""The store of observations, written side."""

from collections.abc import Sequence
from typing import Protocol

from domain.observation import Observation


class ObservationStore(Protocol):
    """Keeps each reading once per (device, measurand, channel, event time).

    Promises: tests/contract/observation_store.py.
    """

    async def write(self, observations: Sequence[Observation]) -> None:
        """Store all of ``observations``; of two values under one key the one with the later write time stays.

        Repeating a write changes nothing; order of writes does not matter; readings of other measurands or channels
        at the same instant stay as they are.

        Raises:
            Unavailable: not all could be stored within the deadline; give all again.
        """
