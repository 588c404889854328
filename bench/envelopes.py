"""``python -m bench.envelopes``: what reading an uplink costs, of one network server beside the other.

The messages are the simulated city's; each is decoded by msgspec alone, and read whole as the platform does it.
Measured as ``bench.decoding`` measures.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir

import msgspec

from adapters.chirpstack.events import Up
from adapters.simulated_city.city import SimulatedCity
from adapters.simulated_city.network_servers import NETWORK_SERVERS, spoken_on
from adapters.simulated_city.settings import SimulatedCitySettings
from adapters.system.clock import SystemClock
from adapters.ttn.v3_envelope import Envelope
from application.ports.uplink_log import RawUplink
from bench.decoding import interleaved, line
from bench.measure import machine
from stadtfunk.container.core import Core
from stadtfunk.settings import Settings

_START_NS = 1_767_600_000 * 1_000_000_000
"""2026-01-05 08:00 UTC."""
_DECODED: dict[str, type] = {"tts": Envelope, "chirpstack": Up}
"""What the JSON of an uplink becomes; The Things Network v2 keeps that to itself."""


def main() -> int:
    """Measure, and print a line each."""
    parser = argparse.ArgumentParser(prog="python -m bench.envelopes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=50, help="how often each takes its turn")
    asked = parser.parse_args()
    print(*machine(Path(gettempdir())), sep="\n")
    messages = {server: uplink_of(server) for server in NETWORK_SERVERS}
    for name, times in interleaved(work(messages), asked.rounds).items():
        print(line(name, times, f"{len(messages[name.partition(',')[0]].body):,} bytes"))
    return 0


def work(messages: dict[str, RawUplink]) -> dict[str, Callable[[], object]]:
    """Return the reading of each message, by network server."""
    read = Core(settings=Settings()).reader().read
    found: dict[str, Callable[[], object]] = {}
    for server, raw in messages.items():
        if server in _DECODED:
            found[f"{server}, msgspec alone"] = _decoding(server, raw)
        found[f"{server}, read whole"] = lambda raw=raw: read(raw)  # type: ignore[misc]  # bound here, not later
    return found


def _decoding(server: str, raw: RawUplink) -> Callable[[], object]:
    decoder: msgspec.json.Decoder[object] = msgspec.json.Decoder(_DECODED[server])
    return lambda: decoder.decode(raw.body)


def uplink_of(server: str) -> RawUplink:
    """Return the first uplink of a city that speaks through ``server`` alone."""
    settings = SimulatedCitySettings(rate=0.0, start_ns=_START_NS, devices=100, network_servers=(server,))
    with SimulatedCity(settings, SystemClock()) as city:
        for topic, body in city.messages():
            if topic.endswith("/up"):
                return RawUplink("city", spoken_on(topic), topic, body, _START_NS // 1_000)
    raise LookupError("the city is silent")


if __name__ == "__main__":
    sys.exit(main())
