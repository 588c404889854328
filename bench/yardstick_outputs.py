"""What a processing has written to Kafka, read back and compared with the truth: neither may save work."""

from hashlib import blake2b

import msgspec
from msgspec import Struct

from adapters.kafka.partition_reader import PartitionReader
from application.processing.frame_totals import FrameTotals
from bench.checks import Stored, differences
from bench.city import Input
from bench.place import PARTITIONS
from stadtfunk.adapter_settings import kafka_connection
from stadtfunk.settings import KafkaSettings

OUTPUTS = ("observations", "device_states", "radio_metadata", "loss_ledger", "devices", "activations", "dead_letters")


class Reading(Struct, frozen=True):
    """As it stands in a record."""

    measurand: str
    channel: str
    value: bool | float | str
    exponent: int = 0


class Observation(Struct, frozen=True):
    """Likewise."""

    dev_eui: str
    event_ns: int
    readings: tuple[Reading, ...]


class Frames(Struct, frozen=True):
    """Likewise."""

    received: int
    missing: int
    duplicate: int


class State(Struct, frozen=True):
    """Likewise."""

    dev_eui: str
    frames: tuple[Frames, ...]


class Written(Struct, frozen=True):
    """All that was written."""

    stored: Stored
    values: int
    """Says of all readings with their values whether they are the same as another's."""
    records: dict[str, int]
    """By output."""


class Cells:
    """Readings, each counted once however often its record was written."""

    def __init__(self) -> None:
        self._instants: set[int] = set()
        self._cells: set[int] = set()

    def add(self, observation: Observation) -> None:
        """Take the readings of one record."""
        instant = f"{observation.dev_eui}/{observation.event_ns}"
        self._instants.add(_mark(instant))
        for each in observation.readings:
            # Whether a whole number was written with a point is a matter of taste.
            value = each.value if isinstance(each.value, bool | str) else float(each.value)
            self._cells.add(_mark(f"{instant}/{each.measurand}/{each.channel}/{value!r}/{each.exponent}"))

    @property
    def instants(self) -> int:
        """How many rows they are."""
        return len(self._instants)

    @property
    def readings(self) -> int:
        """How many there are; two values of one measurand at one instant are two."""
        return len(self._cells)

    @property
    def values(self) -> int:
        """The same for the same readings, in whatever order they came."""
        together = 0
        for mark in self._cells:
            together ^= mark
        return together


async def written(settings: KafkaSettings, uplinks: int) -> Written:
    """Return what stands in the topics of ``settings``, whose log has ``uplinks`` messages."""
    cells, states, records = Cells(), dict[str, State](), dict[str, int]()
    observation, state = msgspec.json.Decoder(Observation), msgspec.json.Decoder(State)
    for output in OUTPUTS:
        name = getattr(settings.topics, output)
        async with PartitionReader(kafka_connection(settings), name, range(PARTITIONS)) as reader:
            ends = await reader.ends()
            records[output] = sum(ends.values())
            if output not in ("observations", "device_states"):
                continue
            for partition, end in ends.items():
                async for batch in reader.read(partition, 0, end):
                    for record in batch:
                        if output == "observations":
                            cells.add(observation.decode(record.value or b""))
                        else:
                            told = state.decode(record.value or b"")
                            states[told.dev_eui] = told
    stored = Stored(uplinks, cells.instants, cells.readings, records["dead_letters"], _totals(states))
    return Written(stored, cells.values, records)


def mistakes(given: Input, found: Written, values: int | None) -> list[str]:
    """Return what is not as ``given`` asks, or as an earlier run's ``values``."""
    wrong = differences(given, found.stored)
    if values is not None and found.values != values:
        wrong.append("the values of some readings are others")
    return wrong


def records_per_uplink(found: Written, uplinks: int) -> str:
    """Return how much was written for an uplink, the changelog not counted."""
    return f"{sum(found.records.values()) / uplinks:.2f} records out"


def _totals(states: dict[str, State]) -> FrameTotals:
    total = FrameTotals()
    for state in states.values():
        total.devices += 1
        for frames in state.frames:
            total.received += frames.received
            total.missing += frames.missing
            total.duplicate += frames.duplicate
    return total


def _mark(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())
