"""Input of the measurements: messages of the simulated city, and what must be stored once they were processed.

They come in two parts, since a first frame registers its device and costs more: up to the moment when each device has
been heard, and from then on. The same devices and seed give the same bytes.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from msgspec import Struct

from adapters.simulated_city.city import SimulatedCity
from adapters.simulated_city.fleets import FLEETS
from adapters.simulated_city.settings import SimulatedCitySettings
from adapters.simulated_city.truth import DeviceTruth, ExpectedPoison, ExpectedReading, Told
from adapters.system.clock import SystemClock
from application.ports.uplink_log import RawUplink
from bench import messages

SOURCE = "city"
"""Name of the network server: counters are accounted by it, whichever way the messages come."""
_NETWORK_SERVER = "tts"
_START_NS = 1_767_600_000 * 1_000_000_000
"""2026-01-05 08:00 UTC: the hours that a run covers lie within one day."""
_INTERVAL_S = 900.0
"""City time between two frames of a device."""


class Expected(Struct):
    """What an observer must have in the end."""

    observations: int = 0
    """Instants of a device with at least one reading: rows."""
    readings: int = 0
    poison: int = 0
    received: int = 0
    missing: int = 0
    duplicate: int = 0


class Lot(Struct, frozen=True):
    """Messages in a file."""

    path: Path
    messages: int


class Input(Struct, frozen=True):
    """Two lots, one after the other, and what both together must leave behind."""

    devices: int
    first: Lot
    """Up to the moment when each device has been heard."""
    known: Lot
    expected: Expected
    topics: list[str]
    """Topic filters for all messages, and no others."""


class _Sum:
    """A ``Truth`` that is only added up."""

    def __init__(self) -> None:
        self.expected = Expected()
        self._instants: set[int] = set()

    def open(self) -> None:
        """Nothing to make ready."""

    def tell(self, truth: Told) -> None:
        """Add one truth."""
        if isinstance(truth, ExpectedReading):
            self.expected.readings += 1
            self._instants.add(hash((truth.dev_eui, truth.event_ns)))
        elif isinstance(truth, ExpectedPoison):
            self.expected.poison += 1
        elif isinstance(truth, DeviceTruth):
            self.expected.received += truth.received
            self.expected.missing += truth.missing
            self.expected.duplicate += truth.duplicate

    def close(self) -> None:
        """Count the instants."""
        self.expected.observations = len(self._instants)


def prepare(folder: Path, *, devices: int, uplinks: int, batch: int, tenant: str) -> Input:
    """Write what a city of ``devices`` says until each was heard, then ``uplinks`` messages more, into ``folder``."""
    settings = SimulatedCitySettings(
        name=SOURCE, devices=devices, rate=0.0, interval_s=_INTERVAL_S, start_ns=_START_NS, tenant=tenant
    )
    truth = _Sum()
    with SimulatedCity(settings, SystemClock(), truth) as city:
        told = _raw(city)
        first = messages.write(folder / "first", _until_all_were_heard(told, devices), batch)
        known = messages.write(folder / "known", islice(told, uplinks), batch)
    topics = [f"v3/{fleet.application_id}@{tenant}/devices/+/+" for fleet in FLEETS.values()]
    return Input(devices, Lot(folder / "first", first), Lot(folder / "known", known), truth.expected, topics)


def _raw(city: SimulatedCity) -> Iterator[RawUplink]:
    now_us = SystemClock().now_us()
    for topic, body in city.messages():
        yield RawUplink(SOURCE, _NETWORK_SERVER, topic, body, now_us)


def _until_all_were_heard(told: Iterator[RawUplink], devices: int) -> Iterator[RawUplink]:
    """Yield messages up to the first frame of the last device; a device joins before it speaks."""
    joined: set[str] = set()
    while len(joined) < devices:
        uplink = next(told)
        yield uplink
        if uplink.topic.endswith("/join"):
            joined.add(uplink.topic)
    yield next(told)
