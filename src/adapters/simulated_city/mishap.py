"""What can happen to a frame on its way: at most one thing each."""

from bisect import bisect_right
from enum import IntEnum
from itertools import accumulate
from random import Random

from adapters.simulated_city.settings import SimulatedCitySettings


class Mishap(IntEnum):
    """In the order of their shares."""

    LOST = 0
    """No gateway hears it."""
    REPEATED = 1
    """The network hears it a second time, some seconds later."""
    LATE = 2
    """It arrives after later frames of its device."""
    BROKEN_ENVELOPE = 3
    """The network server's message is damaged."""
    BROKEN_PAYLOAD = 4
    """The device sends what nobody can decode."""
    EMPTY = 5
    """It carries MAC commands only."""
    NONE = 6


class Mishaps:
    """Draws them with the shares of the settings."""

    def __init__(self, settings: SimulatedCitySettings, random: Random) -> None:
        broken = settings.poison / 2
        shares = (settings.lost, settings.repeated, settings.late, broken, broken, settings.empty)
        self._bounds = list(accumulate(shares))
        self._draw = random.random

    def next(self) -> Mishap:
        """Return what happens to the next frame."""
        return _BY_INDEX[bisect_right(self._bounds, self._draw())]


_BY_INDEX = tuple(Mishap)
