"""What a processing has written to Kafka, read back and compared with the truth: neither may save work."""

from collections.abc import Callable, Iterable
from functools import reduce
from hashlib import blake2b
from operator import xor

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from adapters.kafka.partition_reader import PartitionReader
from application.processing.frame_totals import FrameTotals
from bench.checks import Stored, differences, differing
from bench.city import Expected, Input
from bench.place import PARTITIONS
from bench.yardstick_variants import Variant
from domain.rfc3339 import parse_rfc3339
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


class Heard(Struct, frozen=True):
    """Likewise."""

    gateway_id: str
    rssi_dbm: float = 0.0
    snr_db: float = 0.0


class Connection(Struct, frozen=True):
    """Likewise."""

    dev_eui: str
    device_id: str
    time: str
    gateway_id: str
    receptions: tuple[Heard, ...]
    source: str
    f_cnt: int
    data_rate: str
    frequency_hz: int
    airtime_ns: int


class Day(Struct, frozen=True):
    """Likewise."""

    dev_eui: str
    day: int
    source: str
    received: int = 0
    radio: int = 0
    network: int = 0
    ingest: int = 0
    duplicate: int = 0


_OBSERVATION = msgspec.json.Decoder(Observation).decode
_STATE = msgspec.json.Decoder(State).decode
_CONNECTION = msgspec.json.Decoder(Connection).decode
_encode: Callable[[object], bytes] = msgspec.json.Encoder().encode
_DAY = msgspec.json.Decoder(Day).decode


class Written(Struct, frozen=True):
    """All that was written."""

    stored: Stored
    values: int
    """Says of all readings with their values whether they are the same as another's."""
    connections: int
    """Frames whose radio metadata are there, each counted once."""
    radio: int
    """Says of all radio metadata whether they are the same as another's."""
    days: FrameTotals
    """What the newest rows of all devices' days come to."""
    records: dict[str, int]
    """By output."""
    octets: int
    """Of the values of all records."""


class Marks:
    """Different things, each counted once however often its record was written."""

    def __init__(self) -> None:
        self._marks: set[int] = set()

    def add(self, thing: bytes) -> None:
        """Take one."""
        self._marks.add(_mark(thing))

    def __len__(self) -> int:
        return len(self._marks)

    @property
    def together(self) -> int:
        """The same for the same things, in whatever order they came."""
        return reduce(xor, self._marks, 0)


class Cells:
    """Readings, each counted once however often its record was written."""

    def __init__(self) -> None:
        self._instants = Marks()
        self._cells = Marks()

    def add(self, observation: Observation) -> None:
        """Take the readings of one record."""
        instant = f"{observation.dev_eui}/{observation.event_ns}"
        self._instants.add(instant.encode())
        for each in observation.readings:
            # Whether a whole number was written with a point is a matter of taste.
            value = each.value if isinstance(each.value, bool | str) else float(each.value)
            self._cells.add(f"{instant}/{each.measurand}/{each.channel}/{value!r}/{each.exponent}".encode())

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
        return self._cells.together


class _Outputs:
    """Takes the records of all outputs, whatever they are."""

    def __init__(self) -> None:
        self.cells, self.connections = Cells(), Marks()
        self._states: dict[bytes, bytes] = {}
        self._days: dict[bytes, bytes] = {}
        """The newest of each key, which is what compaction leaves."""

    def take(self, output: str, key: bytes, value: bytes) -> None:
        """Take one record."""
        if output == "observations":
            self.cells.add(_OBSERVATION(value))
        elif output == "device_states":
            self._states[key] = value
        elif output == "radio_metadata":
            self._connection(value)
        elif output == "loss_ledger":
            self._days[key] = value

    @property
    def frames(self) -> FrameTotals:
        """What the states of all devices come to."""
        states = {state.dev_eui: state.frames for state in map(_STATE, self._states.values())}
        total = _totals(frames for each in states.values() for frames in each)
        total.devices = len(states)
        return total

    @property
    def days(self) -> FrameTotals:
        """What all days come to."""
        days = {(day.dev_eui, day.day, day.source): day for day in map(_DAY, self._days.values())}
        return _totals(Frames(day.received, _missing(day), day.duplicate) for day in days.values())

    def _connection(self, value: bytes) -> None:
        told = _CONNECTION(value)
        # Trailing zeros of a second are a matter of taste.
        self.connections.add(b"%d %b" % (parse_rfc3339(told.time), _encode(replace(told, time=""))))


async def written(settings: KafkaSettings, uplinks: int) -> Written:
    """Return what stands in the topics of ``settings``, whose log has ``uplinks`` messages."""
    outputs, records, octets = _Outputs(), dict[str, int](), 0
    for output in OUTPUTS:
        name = getattr(settings.topics, output)
        async with PartitionReader(kafka_connection(settings), name, range(PARTITIONS)) as reader:
            ends = await reader.ends()
            records[output] = sum(ends.values())
            for partition, end in ends.items():
                async for batch in reader.read(partition, 0, end):
                    for record in batch:
                        value = record.value or b""
                        octets += len(value)
                        outputs.take(output, record.key or b"", value)
    cells, connections = outputs.cells, outputs.connections
    stored = Stored(uplinks, cells.instants, cells.readings, records["dead_letters"], outputs.frames)
    return Written(stored, cells.values, len(connections), connections.together, outputs.days, records, octets)


def mistakes(given: Input, variant: Variant, found: Written, first: Written) -> list[str]:
    """Return what is not as ``given`` asks of ``variant``, or as in the ``first`` run.

    Radio metadata are those of each frame that was heard, once. What was lost on each day adds up to what was lost.
    """
    expected, none = given.expected, Expected()
    heard, lost = expected if variant.radio else none, expected if variant.days else none
    wrong = differences(given, found.stored) + differing(
        {
            "radio metadata": (found.connections, heard.received),
            "records of radio metadata": (found.records["radio_metadata"], heard.received),
            "received on all days": (found.days.received, lost.received),
            "missing on all days": (found.days.missing, lost.missing),
            "duplicate on all days": (found.days.duplicate, lost.duplicate),
        }
    )
    if found.values != first.values:
        wrong.append("the values of some readings are not those of the first run")
    if found.connections and first.connections and found.radio != first.radio:
        wrong.append("some radio metadata are not those of the first run")
    return wrong


def per_uplink(found: Written, uplinks: int) -> str:
    """Return how much was written for an uplink, the changelog not counted."""
    return f"{sum(found.records.values()) / uplinks:.2f} records out, {found.octets / uplinks:,.0f} B"


def _missing(day: Day) -> int:
    """Return what did not come, whoever is to blame for it."""
    return day.radio + day.network + day.ingest


def _totals(accounts: Iterable[Frames]) -> FrameTotals:
    total = FrameTotals()
    for frames in accounts:
        total.received += frames.received
        total.missing += frames.missing
        total.duplicate += frames.duplicate
    return total


def _mark(thing: bytes) -> int:
    return int.from_bytes(blake2b(thing, digest_size=8).digest())
