"""``make bench-decoding``: what a frame costs each codec, beside the decoding of the envelope that brings it.

All are measured in turn, round after round, so that a busy machine is busy for all of them; what is printed is the
median of the rounds. The frame is the typical one of the codec's vectors; the envelope is a message of the simulated
city, 1.7 kB as The Things Stack writes it, decoded by msgspec alone and read whole.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import gettempdir

import msgspec
from msgspec.structs import replace

from adapters.simulated_city.city import SimulatedCity
from adapters.simulated_city.settings import SimulatedCitySettings
from adapters.system.clock import SystemClock
from adapters.ttn.envelope_reader import TtnEnvelopeReader
from adapters.ttn.v3_envelope import Envelope
from application.ports.uplink_log import RawUplink
from bench.measure import machine
from domain.decoding import CODECS
from tests.unit.domain.decoding.vectors import context_before, typical_vector

_AIM_US = 5.0
"""A native codec's median for a typical frame stays below."""
_CALLS = 1_000
"""Of one codec, before it is the next one's turn: about 3 ms, far above the clock's step and below a time slice."""
_ODD_NS = 451_000_000_000
"""Vectors are heard at noon sharp, frames at any time: a codec may have work of its own at a full quarter."""
_START_NS = 1_767_600_000 * 1_000_000_000
"""2026-01-05 08:00 UTC."""


def main() -> int:
    """Measure, and print a line each; 1: a codec is above the aim."""
    parser = argparse.ArgumentParser(prog="make bench-decoding", description=__doc__)
    parser.add_argument("--rounds", type=int, default=50, help="how often each takes its turn")
    parser.add_argument("--codec", choices=tuple(CODECS), help="one codec")
    asked = parser.parse_args()
    print(*machine(Path(gettempdir())), sep="\n")
    named = (asked.codec,) if asked.codec else tuple(CODECS)
    times = interleaved(envelopes() | frames(named), asked.rounds)
    for name, each in times.items():
        print(line(name, each, "" if name not in CODECS else note(name, each)))
    return 1 if any(median(each) >= _AIM_US for name, each in times.items() if name in CODECS) else 0


def frames(codecs: Sequence[str]) -> dict[str, Callable[[], object]]:
    """Return the decoding of each codec's typical frame."""
    return {name: _frame(name) for name in codecs}


def _frame(name: str) -> Callable[[], object]:
    vector, decode = typical_vector(name), CODECS[name].decode
    payload, context = vector.payload, context_before(name, vector)
    payload = replace(payload, network_ns=payload.network_ns + _ODD_NS)
    return lambda: decode(payload, context)


def envelopes() -> dict[str, Callable[[], object]]:
    """Return the decoding of an envelope: by msgspec alone, and whole."""
    raw, decode, read = _uplink(), msgspec.json.Decoder(Envelope).decode, TtnEnvelopeReader().read
    return {"envelope, msgspec alone": lambda: decode(raw.body), "envelope, read whole": lambda: read(raw)}


def _uplink() -> RawUplink:
    settings = SimulatedCitySettings(name="city", devices=100, rate=0.0, interval_s=900.0, start_ns=_START_NS)
    with SimulatedCity(settings, SystemClock()) as city:
        for topic, body in city.messages():
            if topic.endswith("/up"):
                return RawUplink("city", "tts", topic, body, _START_NS // 1_000)
    raise LookupError("the city is silent")


def interleaved(work: Mapping[str, Callable[[], object]], rounds: int, calls: int = _CALLS) -> dict[str, list[float]]:
    """Return the µs of processor time that each took, one figure a round; the first round is not counted."""
    times: dict[str, list[float]] = {name: [] for name in work}
    for number in range(rounds + 1):
        for name, once in work.items():
            began = time.process_time_ns()
            for _ in range(calls):
                once()
            if number:
                times[name].append((time.process_time_ns() - began) / 1_000 / calls)
    return times


def line(name: str, times: Sequence[float], note: str) -> str:
    """Return a line of the report: the median, and between which figures eight in ten rounds were."""
    low, *_, high = sorted(times)[len(times) // 10 : len(times) - len(times) // 10]
    return f"{name:<28} {median(times):>7.2f} µs  ({low:.2f} to {high:.2f})  {note}".rstrip()


def note(codec: str, times: Sequence[float]) -> str:
    """Return what was decoded, and whether it cost too much."""
    vector = typical_vector(codec)
    readings = sum(len(each.readings) for each in vector.observations)
    said = f"{len(vector.payload.data)} bytes, {readings} readings of {len(vector.observations)} instants"
    return said + (f"; above {_AIM_US:g} µs" if median(times) >= _AIM_US else "")


if __name__ == "__main__":
    sys.exit(main())
