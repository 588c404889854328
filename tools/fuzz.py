"""Look for payloads on which a codec fails: coverage-guided, with atheris, from the vectors on.

    python3.11 -m venv /tmp/fuzz && /tmp/fuzz/bin/pip install atheris msgspec
    PYTHONPATH=src:. /tmp/fuzz/bin/python -m tools.fuzz --minutes 10      # tools.fuzz_mqtt: bytes of a broker

atheris is no dependency: it needs a compiler or a wheel for the interpreter, and nobody needs it every day. What it
finds is printed as the payloads in hex, and becomes a test.

An input is a device's payloads, one after the other, each with what the one before left behind: the codec's number,
then of each payload port, length and bytes.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from domain.decoding import CODECS, NO_CONTEXT, Context, Payload, Undecodable
from tests.unit.domain.decoding.soundness import dated_readings_of, is_consistent, is_sound, is_text
from tests.unit.domain.decoding.vectors import vectors_of

_NOON_NS = 1_767_268_800_000_000_000
_MINUTE_NS = 60_000_000_000
_NAMES = tuple(CODECS)
_LONGEST = 1_024
"""Bytes of an input: a long payload of every kind, or some short ones."""


class Unsound(Exception):
    """A codec has said what it must not."""


def main() -> int:
    """Fuzz until the time is up, or until a finding, which is reported; 0: there was none."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--codec", choices=_NAMES, help="one codec")
    asked = parser.parse_args()
    names = (asked.codec,) if asked.codec else _NAMES
    return search(seeds(names), lambda data: one_input(data, names), asked.minutes)


def search(known: Iterable[bytes], one_input: Callable[[bytes], None], minutes: float) -> int:
    """Try inputs, beginning with those that are ``known``, until the time is up; 0: none of them raised."""
    try:
        atheris = import_module("atheris")
    except ImportError:
        sys.exit(__doc__)
    atheris.instrument_all()
    with TemporaryDirectory(prefix="stadtfunk-fuzz-") as folder:
        for number, seed in enumerate(known):
            (Path(folder) / f"{number:04}").write_bytes(seed)
        limits = (f"-max_total_time={int(60 * minutes)}", f"-max_len={_LONGEST}")
        kept = f"-artifact_prefix={gettempdir()}/stadtfunk-fuzz-"
        child = os.fork()  # which the engine ends without a word to Python: the folder is ours to remove
        if not child:
            atheris.Setup([sys.argv[0], *limits, kept, folder], one_input)
            atheris.Fuzz()
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def one_input(data: bytes, names: tuple[str, ...] = _NAMES) -> None:
    """Decode the payloads that ``data`` spells.

    Raises:
        Unsound: what a codec made of them.
        Exception: any that is no refusal.
    """
    if not data:
        return
    name = names[data[0] % len(names)]
    facts, context = vectors_of(name)[0].payload.facts, NO_CONTEXT
    for number, (f_port, body) in enumerate(payloads(data[1:])):
        context = _decode(name, Payload(body, f_port, _NOON_NS + number * _MINUTE_NS, facts), context)


def payloads(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield ports and payloads."""
    position = 0
    while position + 1 < len(data):
        end = position + 2 + data[position + 1]
        yield data[position], data[position + 2 : end]
        position = end


def seeds(names: tuple[str, ...]) -> Iterator[bytes]:
    """Yield the inputs that spell the vectors."""
    for index, name in enumerate(names):
        for vector in vectors_of(name):
            data = vector.payload.data
            yield bytes((index, vector.f_port, len(data))) + data


def _decode(name: str, payload: Payload, context: Context) -> Context:
    codec = CODECS[name]
    if codec.conceals is not None:
        codec.conceals(payload)
    try:
        decoded = codec.decode(payload, context)
    except Undecodable:
        return context
    readings = [reading for _, reading in dated_readings_of(decoded, payload.network_ns)]
    if not (all(map(is_sound, readings)) and is_consistent(decoded, payload.network_ns) and is_text(decoded)):
        raise Unsound(f"{name}, port {payload.f_port}, {payload.data.hex()}: {decoded}")
    return decoded.context


if __name__ == "__main__":
    sys.exit(main())
