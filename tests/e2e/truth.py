"""What the simulated city says is true, and what the platform says it is."""

from collections import Counter
from pathlib import Path

from adapters.grpc.client import GrpcClient
from adapters.simulated_city import truth_file
from adapters.simulated_city.truth_in_memory import TruthInMemory
from application.ports.dead_letters import DeadLetter
from domain.observation import MEASURANDS

_AT_ONCE = 200
"""Devices of one query."""

ReadingKey = tuple[str, str, str, int, str]
"""Device, measurand, channel, event time, value."""


class Truth(TruthInMemory):
    """The truth, as a test compares it."""

    @property
    def frames(self) -> dict[str, tuple[int, int, int, int, int, int]]:
        """Received, missing, duplicate, late, empty and undecodable of each device."""
        return {
            each.dev_eui: (each.received, each.missing, each.duplicate, each.late, each.empty, each.undecodable)
            for each in self.devices.values()
        }

    @property
    def reading_keys(self) -> Counter[ReadingKey]:
        """Every reading that must be stored, once."""
        return Counter(
            (each.dev_eui, each.measurand, each.channel, each.event_ns, _written(each.value, each.exponent))
            for each in self.readings
        )


def read_truth(path: Path) -> Truth:
    """Return the truth in the file at ``path``."""
    truth = Truth()
    for line in truth_file.read_truth(path):
        truth.tell(line)
    return truth


async def served_readings(client: GrpcClient, truth: Truth) -> Counter[ReadingKey]:
    """Return every reading the platform serves of the city's devices, as often as it serves it."""
    found: Counter[ReadingKey] = Counter()
    devices = [
        device.dev_eui for device in truth.devices.values() if device.received > device.empty + device.undecodable
    ]
    for start in range(0, len(devices), _AT_ONCE):
        async for chunk in client.query_readings(devices[start : start + _AT_ONCE]):
            for stored in chunk:
                reading = stored.reading
                assert reading.measurand in MEASURANDS
                written = _written(reading.value, reading.exponent)
                found[stored.dev_eui, reading.measurand, reading.channel, stored.event_ns, written] += 1
    return found


async def served_frames(client: GrpcClient, truth: Truth) -> dict[str, tuple[int, int, int, int, int, int]]:
    """Return the frame counts the platform serves of the city's devices, over all their network servers."""
    found = {}
    for device in truth.devices.values():
        _, state = await client.get_device_and_state(device.dev_eui)
        found[device.dev_eui] = (
            sum(frames.received for frames in state.frames),
            sum(frames.missing for frames in state.frames),
            sum(frames.duplicate for frames in state.frames),
            sum(frames.late for frames in state.frames),
            sum(frames.empty for frames in state.frames),
            sum(frames.undecodable for frames in state.frames),
        )
    return found


def poison_of(letters: list[DeadLetter]) -> Counter[str]:
    """Return how often each topic stands among the dead letters.

    A segment whose other half was lost on the air is none of the city's poison.
    """
    return Counter(letter.topic for letter in letters if letter.reason != "fragments_incomplete")


def _written(value: object, exponent: int) -> str:
    """Return a value so that only equal ones are written alike; 1 and 1.0 and true differ."""
    return f"{value!r}e{exponent}"
