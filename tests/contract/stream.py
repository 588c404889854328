"""A short stream of uplinks that reaches every field of the device memory, and what must come out of it.

The codecs are made up: what they say is written in the payload, so the stream can be read here.
"""

from collections.abc import Iterable, Sequence
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from application.ports.dead_letters import DeadLetter
from application.ports.uplink_log import RawUplink
from application.processing.batch import Batch
from application.processing.outcome import Outcome
from application.processing.step import Step
from domain.decoding import Choice, Codec, Context, Decoded, Decoders, Fragment, Payload, Snapshot, Undecodable
from domain.device import Device, DeviceMemory, DeviceState, DeviceTypeRule, DeviceTypes
from domain.observation import Observation, Position, Reading, Value
from domain.radio import Ignored, LossDay, Message, Unreadable, Uplink
from tests.support.builders import NOON_NS, a_reception, an_activation, an_uplink

_DEVICES = tuple(f"70b3d57ed00000{number:02x}" for number in range(8))
_SECOND_US = 1_000_000
_STEP_S = 7.25
Logged = tuple[RawUplink, Message]


def _spell(payload: Payload, context: Context) -> Decoded:
    """Read ``<what><number>``: a value, a position, a piece of a longer payload, or an attribute."""
    what, number = chr(payload.data[0]), int(payload.data[1:])
    if what == "f":
        piece = Fragment("g", number, 3, payload.network_ns, payload.data)
        return Decoded(context=Context((*context.fragments, piece)[-2:]), expired=context.fragments[:-1])
    if what == "a":
        return Decoded(attributes={"firmware": str(number)}, context=context)
    if what == "?":
        raise Undecodable("payload_strange", "made up", field="what")
    return Decoded((Snapshot(_readings(what, number), payload.network_ns - number),), context=context)


def _readings(what: str, number: int) -> tuple[Reading, ...]:
    values: dict[str, Value] = {
        "r": 10**12 + number,
        "g": number / 8,
        "s": number % 2 == 0,
        "t": f"tür {number}",
        "p": Position(480_000_000 + number, 90_000_000, "gnss", 478.5, None, number % 12),
    }
    return tuple(Reading(f"made.up.{what}", str(channel), values[what], -4 * (what == "r")) for channel in range(2))


STEP = Step(
    DeviceTypes({"acme/speller": "speller"}, (DeviceTypeRule("speller", "*", "known-*"),)),
    Decoders({"speller": [Choice(Codec("speller", 1, _spell))]}),
)


def a_stream(length: int, seed: int = 1) -> list[Logged]:
    """Return ``length`` messages as a log may hold them: with losses, repeats, late frames, joins and poison."""
    random = Random(seed)
    counters = dict.fromkeys(_DEVICES, 0)
    stream: list[Logged] = []
    for number in range(length):
        device = random.choice(_DEVICES)
        counters[device] += random.choice((1, 1, 1, 2, 5))
        message = _message(random, device, counters[device], number, stream)
        body = f"{number}".encode()
        received_us = NOON_NS // 1_000 + int(number * _STEP_S) * _SECOND_US
        stream.append((RawUplink("swu", "tts", f"v3/{device}/up", body, received_us), message))
    return stream


def _message(random: Random, device: str, f_cnt: int, number: int, before: Sequence[Logged]) -> Message:
    lot = random.random()
    if lot < 0.03:
        return Unreadable("envelope_unreadable", "made up", device)
    if lot < 0.05:
        return Ignored("simulated")
    if lot < 0.10:
        return an_activation(f"join-{number}", number * _STEP_S, dev_eui=device)
    earlier = [message for _, message in before[-20:] if isinstance(message, Uplink)]
    if earlier and lot < 0.18:
        return random.choice(earlier)
    late = 3 if lot < 0.25 else 0
    return an_uplink(
        max(0, f_cnt - late),
        dev_eui=device,
        session="" if device == _DEVICES[0] else f"session-{number // 60}",
        seconds=(number - 10 * (late > 0)) * _STEP_S,
        payload=b"%c%d" % (random.choice(b"rrgsstpfa?"), number),
        source=random.choice(("swu", "swu", "ttn")),
        model="acme/speller" if device == _DEVICES[1] else "",
        device_id=("unknown-" if device == _DEVICES[2] else "known-") + device[-2:],
        receptions=(a_reception("ulm-muenster", lot), a_reception("ulm-west", 0.5)),
    )


def batch_of(stream: Sequence[Logged], start: int, end: int, partition: int = 0) -> Batch:
    """Return the messages at the offsets from ``start`` up to ``end``."""
    part = stream[start:end]
    offsets = list(range(start, start + len(part)))
    return Batch(partition, offsets, [raw for raw, _ in part], [message for _, message in part])


Cell = tuple[str, int, str, str]


LossKey = tuple[int, str, str]


class Results(Struct):
    """What a stream leaves in the stores: compared whole."""

    readings: dict[Cell, tuple[int, Value]]
    """Write time and value by device, event time, measurand and channel."""
    states: dict[str, DeviceState]
    devices: dict[str, Device]
    dead_letters: dict[str, DeadLetter]
    losses: dict[LossKey, LossDay]


def results_of(
    observations: Iterable[Observation],
    states: Iterable[DeviceState],
    devices: Iterable[Device],
    dead_letters: Iterable[DeadLetter],
    losses: Iterable[LossDay],
) -> Results:
    """Return what stores must hold after these were written, in whatever order and however often."""
    readings: dict[Cell, tuple[int, Value]] = {}
    for observation in observations:
        for reading in observation.readings:
            cell = (observation.dev_eui, observation.event_ns, reading.measurand, reading.channel)
            if cell not in readings or readings[cell][0] < observation.written_us:
                readings[cell] = (observation.written_us, reading.value)
    letters: dict[str, DeadLetter] = {}
    for letter in dead_letters:
        letters.setdefault(letter.letter_id, letter)
    return Results(
        readings,
        {state.dev_eui: state for state in sorted(states, key=lambda state: state.written_us)},
        {device.dev_eui: device for device in sorted(devices, key=lambda device: device.written_us)},
        letters,
        newest_losses(losses),
    )


def newest_losses(losses: Iterable[LossDay]) -> dict[LossKey, LossDay]:
    """Return the newest row of each device, day and source, less its write time: that depends on where batches end."""
    by_time = sorted(losses, key=lambda row: row.written_us)
    return {(row.day, row.dev_eui, row.source): replace(row, written_us=0) for row in by_time}


def expected(stream: Sequence[Logged], partition: int = 0) -> tuple[Results, dict[str, DeviceMemory]]:
    """Return results and memory of ``stream``, freshly computed in one go: the oracle."""
    outcome: Outcome = STEP.process(batch_of(stream, 0, len(stream), partition), {})
    results = results_of(outcome.observations, outcome.states, outcome.devices, outcome.dead_letters, outcome.losses)
    return results, outcome.memory
