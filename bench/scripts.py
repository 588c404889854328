"""``make bench-scripts``: what a payload costs that a vendor's script decodes, with its way to the worker and back.

Two scripts of our own, written as vendors write theirs: a parking sensor of two bytes, beside the native codec that
reads the same payload, and a meter that sends 12 values in 45 bytes, each behind its type. Batches as large as those
of a backlog, and as small as those of a quiet city; all in turn, round after round. What is printed is the median of
the rounds: time on the clock; and on average the processor time of our process and of the worker's.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import fmean, median
from tempfile import TemporaryDirectory, gettempdir

from msgspec import Struct

from adapters.javascript.codec_files import CodecFiles
from adapters.javascript.payload_decoder import JavascriptPayloadDecoder
from application.ports.payload_decoder import ScriptPayload
from bench.measure import machine
from bench.procfs import process_time
from domain.decoding import CODECS, NO_CONTEXT, Decoded, Payload

_AIM_US = 150.0
"""Processor time of a payload in a full batch, ours and the worker's, stays below."""
_BATCHES = (500, 50, 1)
_PAYLOADS = 1_000
"""A round of each, so that a tick of the kernel's own account of processor time (10 ms) counts little."""
_NOON_NS = 1_767_268_800 * 1_000_000_000
_PARKING = """
function decodeUplink(input) {
  var bytes = input.bytes;
  if (input.fPort !== 1 && input.fPort !== 2) return { errors: ["unknown port " + input.fPort] };
  var data = { occupied: (bytes[0] & 1) === 1 };
  if (bytes.length > 1) data.temperature = bytes[1] > 127 ? bytes[1] - 256 : bytes[1];
  return { data: data };
}
"""
_PARKING_MAPPING = """
[[values]]
path = "occupied"
measurand = "parking.occupied"
[[values]]
path = "temperature"
measurand = "device.temperature"
"""
_METER = """
var TYPES = {
  1: ["energy", 1000], 2: ["power", 1], 3: ["voltage", 10], 4: ["current", 1000], 5: ["frequency", 100], 6: ["time", 1],
};
function readUInt(bytes, at, size) {
  var value = 0;
  for (var i = size - 1; i >= 0; i--) value = value * 256 + bytes[at + i];
  return value;
}
function decodeUplink(input) {
  var data = { phases: [{}, {}, {}] };
  for (var at = 0; at < input.bytes.length; ) {
    var type = TYPES[input.bytes[at] & 15], phase = input.bytes[at] >> 4, size = type[0] === "frequency" ? 2 : 4;
    if (size === 4 && phase > 0) size = 2;
    var value = readUInt(input.bytes, at + 1, size) / type[1];
    if (phase > 0) { data.phases[phase - 1][type[0]] = value; data.phases[phase - 1].number = phase; }
    else data[type[0]] = value;
    at += 1 + size;
  }
  data.time = new Date(data.time * 1000).toISOString();
  return { data: data };
}
"""
_METER_MAPPING = """
[time]
path = "time"
[[values]]
path = "energy"
measurand = "electricity.energy.active.import"
unit = "kWh"
digits = 3
[[values]]
path = "power"
measurand = "electricity.power.active"
[[values]]
path = "frequency"
measurand = "electricity.frequency"
[[values]]
path = "phases[].voltage"
measurand = "electricity.voltage"
channel = "l{phases[].number}"
[[values]]
path = "phases[].current"
measurand = "electricity.current"
channel = "l{phases[].number}"
[[values]]
path = "phases[].power"
measurand = "electricity.power.active"
channel = "l{phases[].number}"
"""
_METER_BYTES = bytes.fromhex(
    "0187d6120002c4090000058813060064565613fd0823fe0833fc0814e80324e90334ea03124001224101324201"
)
PAYLOADS = {"parking": Payload(b"\x01\x15", 1, _NOON_NS), "meter": Payload(_METER_BYTES, 1, _NOON_NS)}
_SCRIPTS = {"parking": (_PARKING, _PARKING_MAPPING), "meter": (_METER, _METER_MAPPING)}


class Cost(Struct, frozen=True):
    """What a payload took, in µs."""

    clock: float
    ours: float
    workers: float = 0.0


def main() -> int:
    """Measure, and print a line each; 1: a payload of a full batch is above the aim."""
    parser = argparse.ArgumentParser(prog="make bench-scripts", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="how often each takes its turn")
    asked = parser.parse_args()
    print(*machine(Path(gettempdir())), sep="\n")
    with TemporaryDirectory(prefix="stadtfunk-bench-") as folder:
        costs = asyncio.run(measured(codecs(Path(folder)), asked.rounds))
    for name, each in costs.items():
        print(line(name, each))
    full = [each for name, each in costs.items() if name.endswith(f"of {_BATCHES[0]}")]
    return 1 if any(fmean(cost.ours + cost.workers for cost in each) >= _AIM_US for each in full) else 0


def codecs(folder: Path) -> list[CodecFiles]:
    """Return the codecs, in files of ``folder``."""
    made = []
    for name, (script, mapping) in _SCRIPTS.items():
        files = CodecFiles(name, folder / f"{name}.js", folder / f"{name}.toml")
        files.script.write_text(script, encoding="utf-8")
        (folder / f"{name}.toml").write_text(mapping, encoding="utf-8")
        made.append(files)
    return made


async def measured(files: list[CodecFiles], rounds: int, payloads: int = _PAYLOADS) -> dict[str, list[Cost]]:
    """Return what each took, one figure a round; the first round is not counted."""
    costs: dict[str, list[Cost]] = {}
    async with JavascriptPayloadDecoder(files) as decoder:
        for number in range(rounds + 1):
            found = {"parking, native codec": native(payloads)}
            for name in PAYLOADS:
                for batch in _BATCHES:
                    found[f"{name}, script, batches of {batch}"] = await scripted(decoder, name, batch, payloads)
            if number:
                for name, cost in found.items():
                    costs.setdefault(name, []).append(cost)
    return costs


async def scripted(decoder: JavascriptPayloadDecoder, name: str, batch: int, payloads: int) -> Cost:
    """Return what a payload took, ``batch`` at a time."""
    asked = [ScriptPayload(name, PAYLOADS[name])] * batch
    pid = decoder.worker_pid or 0
    began, ours, workers = time.perf_counter(), time.process_time(), process_time(pid)
    for _ in range(payloads // batch):
        answers = await decoder.decode(asked)
        if not isinstance(answers[0], Decoded):
            raise answers[0]
    return Cost(
        *(
            after * 1e6 / (payloads // batch * batch)
            for after in (time.perf_counter() - began, time.process_time() - ours, process_time(pid) - workers)
        )
    )


def native(payloads: int) -> Cost:
    """Return what the parking sensor's payload takes in our own codec."""
    decode: Callable[..., Decoded] = CODECS["bosch_tps110"].decode
    payload = PAYLOADS["parking"]
    began, ours = time.perf_counter(), time.process_time()
    for _ in range(payloads):
        decode(payload, NO_CONTEXT)
    return Cost((time.perf_counter() - began) * 1e6 / payloads, (time.process_time() - ours) * 1e6 / payloads)


def line(name: str, costs: list[Cost]) -> str:
    """Return a line of the report: the median, between which figures eight in ten rounds were, and processor time."""
    clock = sorted(cost.clock for cost in costs)
    low, *_, high = clock[len(clock) // 10 : len(clock) - len(clock) // 10]
    # Averages, because the kernel counts the worker's time in ticks of 10 ms.
    ours, workers = fmean(cost.ours for cost in costs), fmean(cost.workers for cost in costs)
    said = f"{name:<32} {median(clock):>7.1f} µs  ({low:.1f} to {high:.1f})  our processor time {ours:.1f} µs"
    return said + (f", the worker's {workers:.1f} µs" if workers else "")


if __name__ == "__main__":
    sys.exit(main())
