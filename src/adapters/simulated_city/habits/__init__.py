"""What the devices of each fleet say, and when: their habits follow from their traits and the city's time alone."""

from collections.abc import Callable, Mapping

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.frame import Frame
from adapters.simulated_city.habits.electricity import electricity_frame, sends_segments
from adapters.simulated_city.habits.lamps import is_dark, is_switched, lamp_frame
from adapters.simulated_city.habits.parking import parking_frame
from adapters.simulated_city.habits.trackers import tracker_frame
from adapters.simulated_city.habits.ultrasonic import ultrasonic_frame
from adapters.simulated_city.habits.water import water_frame

Habit = Callable[[CityDevice, int, bool], Frame]
"""From a device, the network's time of its frame (ns), and whether a second segment could follow in time."""

HABITS: Mapping[str, Habit] = {
    "electricity": electricity_frame,
    "water": water_frame,
    "parking": parking_frame,
    "lamps": lamp_frame,
    "trackers": tracker_frame,
    "ultrasonic": ultrasonic_frame,
}
"""By fleet."""

_NS = 1_000_000_000


def is_silent(device: CityDevice, network_ns: int) -> bool:
    """Say whether the device has nothing to say at its turn: a lamp without power."""
    return is_switched(device) and not is_dark(network_ns // _NS)


__all__ = ["HABITS", "Habit", "is_silent", "sends_segments"]
