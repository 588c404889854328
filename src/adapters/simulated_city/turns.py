"""Whose turn it is: the devices of all fleets, mixed, in a cycle that repeats.

Most devices have one turn in a cycle. One that sends its readings in two segments has two, as far apart as its duty
cycle keeps them, so that a turn is a frame, and the last turn of a device is known beforehand.
"""

from collections.abc import Sequence

from msgspec import Struct

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.fleets import shared_out
from adapters.simulated_city.habits import sends_segments
from adapters.simulated_city.settings import SimulatedCitySettings

_GOLDEN = 0.618_033_988_749_895
"""Steps of this share of a circle visit it evenly: neighbours in a fleet do not speak one after the other."""
_SEGMENTS_APART_NS = 200_000_000_000
"""51 octets at SF12 are 2.8 s on the air, which 1 % duty cycle makes 280 s; at SF10 70 s."""
_MOST_APART_NS = 280_000_000_000
"""A second segment that came later would not be taken for one of the same payload."""
_LEAST_APART_NS = 2_000_000_000
"""Between two turns of a device: its clock counts whole seconds, and no two of its readings share one."""


class Turn(Struct, frozen=True):
    """One place in the cycle."""

    device: CityDevice
    until_next: int
    """How many turns later the device has its next one."""
    opens: bool
    """A segment sent now is followed by its second in time, at the device's next turn."""


class Turns:
    """The cycle."""

    def __init__(self, settings: SimulatedCitySettings) -> None:
        devices = _mixed(settings)
        number = len(devices) + sum(sends_segments(device) for device in devices)
        asked_ns = 1e9 / settings.rate if settings.rate else settings.interval_s * 1e9 / number
        owners = _owners(devices, min(0.5, _SEGMENTS_APART_NS / (asked_ns * number)))
        distances = _distances([owner for owner, _ in owners])
        self.step_ns = max(round(asked_ns), -(-_LEAST_APART_NS // min(distances)))
        """The city's time from one turn to the next."""
        self.devices: Sequence[CityDevice] = devices
        within = _MOST_APART_NS // self.step_ns
        self._cycle = [
            Turn(devices[owner], until_next, is_first and until_next <= within)
            for (owner, is_first), until_next in zip(owners, distances, strict=True)
        ]

    def __getitem__(self, number: int) -> Turn:
        """Return the turn called ``number``, counted from the beginning of the run."""
        return self._cycle[number % len(self._cycle)]

    def later(self, number: int, frames: int) -> int:
        """Return the turn in which the device of turn ``number`` sends its ``frames``-th frame from then on."""
        for _ in range(frames):
            number += self[number].until_next
        return number


def _mixed(settings: SimulatedCitySettings) -> list[CityDevice]:
    """Return the devices of all fleets in the order of their places on the circle."""
    devices = [
        CityDevice(settings.seed, fleet, index)
        for fleet, size in shared_out(settings.devices, settings.fleets)
        for index in range(size)
    ]
    places = [number * _GOLDEN % 1.0 for number in range(len(devices))]
    return [devices[number] for number in sorted(range(len(devices)), key=places.__getitem__)]


def _owners(devices: Sequence[CityDevice], apart: float) -> list[tuple[int, bool]]:
    """Return whose turn it is, and whether it is his first, all around the circle.

    Second turns stand the share ``apart`` of the circle behind the first.
    """
    places: list[tuple[float, int, bool]] = []
    for number, device in enumerate(devices):
        place = number / len(devices)
        places.append((place, number, True))
        if sends_segments(device):
            places.append(((place + apart) % 1.0, number, False))
    return [(number, is_first) for _, number, is_first in sorted(places)]


def _distances(numbers: Sequence[int]) -> list[int]:
    """Return for each place how far the next place with the same number is, around the circle."""
    size = len(numbers)
    following: dict[int, int] = {}
    distances = [0] * size
    for place in range(2 * size - 1, -1, -1):
        number = numbers[place % size]
        if place < size:
            distances[place] = following[number] - place
        following[number] = place
    return distances
