"""Progress of the platform, sampled from counters that the stages keep anyway."""

import time
from collections.abc import Sequence

from msgspec import Struct

from application.ingest import Ingest
from application.processing.frame_totals import FrameTotals
from application.processing.processing import Processing
from domain.observation import Observation, Reading

_SHARE_OF_TIME = 20
"""Adding up the frame accounts may take a twentieth of our time: 185,000 devices take 0.2 s, so every 4 s."""
_ABOUT_THE_DEVICE = {"device", "meter", "radio"}
"""Domains of measurands that every kind of device has."""


class Progress(Struct):
    """One sample."""

    uplinks_per_s: float
    readings_per_s: float
    p50_ms: float
    """Latency of batches, from receipt of the oldest message to its durable result."""
    p99_ms: float
    uplinks: int
    readings: int
    dead: int
    in_flight: int
    """Durable in the log, not yet processed."""
    frames: FrameTotals
    newest: dict[str, Observation]
    """Last observation by what it speaks of (electricity, water, parking …)."""


class ProgressMeter:
    """Takes samples; rates are over the time between two of them."""

    def __init__(self, ingests: Sequence[Ingest], processing: Processing) -> None:
        self._ingests = ingests
        self._processing = processing
        self._before = (time.monotonic(), 0, 0)
        self._frames = FrameTotals()
        self._frames_due = 0.0
        self._latencies = (0.0, 0.0)
        self._newest: dict[str, Observation] = {}

    def sample(self) -> Progress:
        """Return how it is going now."""
        counts = self._processing.counts
        uplinks_per_s, readings_per_s = self._rates(counts.came_in, counts.readings)
        self._percentiles()
        self._look_at_newest()
        return Progress(
            uplinks_per_s,
            readings_per_s,
            *self._latencies,
            counts.came_in,
            counts.readings,
            counts.dead,
            max(0, sum(ingest.counts.out for ingest in self._ingests) - counts.came_in),
            self._totals(),
            self._newest,
        )

    def _rates(self, uplinks: int, readings: int) -> tuple[float, float]:
        now = time.monotonic()
        then, uplinks_before, readings_before = self._before
        self._before = (now, uplinks, readings)
        passed = max(now - then, 1e-6)
        return (uplinks - uplinks_before) / passed, (readings - readings_before) / passed

    def _percentiles(self) -> None:
        samples = sorted(self._processing.counts.latencies_us)
        self._processing.counts.latencies_us.clear()
        if samples:
            last = len(samples) - 1
            self._latencies = samples[last // 2] / 1_000, samples[round(last * 0.99)] / 1_000

    def _totals(self) -> FrameTotals:
        began = time.monotonic()
        if began >= self._frames_due:
            self._frames = self._processing.frames()
            now = time.monotonic()
            self._frames_due = now + _SHARE_OF_TIME * (now - began)
        return self._frames

    def _look_at_newest(self) -> None:
        outcome = self._processing.newest
        for observation in outcome.observations if outcome is not None else ():
            for reading in observation.readings:
                domain = domain_of(reading)
                if domain not in _ABOUT_THE_DEVICE:
                    self._newest[domain] = observation


def domain_of(reading: Reading) -> str:
    """Return what a reading speaks of: the first word of its measurand."""
    return reading.measurand.partition(".")[0]
