"""Telemetry: log lines on standard error, and the stages' counters as OpenTelemetry metrics.

No call per message: the counters are plain integers, read when a reader of metrics asks.
"""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version

from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource

from application.stage_counts import StageCounts
from stadtfunk.settings import LogSettings, TelemetrySettings

Stages = Mapping[str, StageCounts]

_QUIET = ("aiokafka", "cassandra")
"""Their errors are raised as ours: by themselves they are heard only by those who look for a fault."""
_OURS = ("stadtfunk", "adapters", "application", "domain")
_RECORDS = "stadtfunk.stage.records"
"""Input records of a stage by what became of them: ``in`` equals the sum of all others."""
_NOTICES = "stadtfunk.stage.notices"
"""What frames say that is no reading, by its code: values without a unit, acknowledgements, alerts."""
_READINGS = "stadtfunk.stage.readings"


def set_up_logging(settings: LogSettings) -> None:
    """Write our own lines at the level asked for, those of libraries from warnings on."""
    logging.basicConfig(handlers=[_ToStderr()], level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    for ours in _OURS:
        logging.getLogger(ours).setLevel(settings.level.upper())
    if settings.level == "debug":
        for theirs in _QUIET:
            logging.getLogger(theirs).setLevel(logging.WARNING)


class _ToStderr(logging.Handler):
    """Writes to what standard error is at the time: the live view lets lines appear above itself."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            print(self.format(record), file=sys.stderr, flush=True)
        except Exception:  # noqa: BLE001  logging's own way with what cannot be written
            self.handleError(record)


@contextmanager
def metrics_of(stages: Stages, settings: TelemetrySettings, role: str) -> Iterator[None]:
    """Send the counters of ``stages`` to the collector of the settings, if there is one, while it lasts."""
    if not settings.otlp_endpoint:
        yield
        return
    exporter = OTLPMetricExporter(endpoint=settings.otlp_endpoint, insecure=settings.otlp_endpoint.startswith("http:"))
    reader = PeriodicExportingMetricReader(exporter, export_interval_millis=settings.every_s * 1_000)
    provider = meter_provider(stages, reader, role)
    try:
        yield
    finally:
        provider.shutdown()


def meter_provider(stages: Stages, reader: MetricReader, role: str) -> MeterProvider:
    """Return a provider that gives ``reader`` the counters of ``stages`` whenever it asks."""
    resource = Resource.create({"service.name": f"stadtfunk-{role}", "service.version": version("stadtfunk")})
    provider = MeterProvider([reader], resource)
    meter = provider.get_meter("stadtfunk")
    meter.create_observable_counter(_RECORDS, [_observed(stages, _buckets)], unit="{record}")
    meter.create_observable_counter(_NOTICES, [_observed(stages, _notices)], unit="{notice}")
    meter.create_observable_counter(_READINGS, [_observed(stages, _readings)], unit="{reading}")
    return provider


def _observed(
    stages: Stages, values: Callable[[StageCounts], Mapping[str, int]]
) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def observe(_: CallbackOptions) -> Iterable[Observation]:
        for stage, counts in stages.items():
            for bucket, value in values(counts).items():
                yield Observation(value, {"stage": stage, "bucket": bucket})

    return observe


def _buckets(counts: StageCounts) -> Mapping[str, int]:
    return {
        "in": counts.came_in,
        "out": counts.out,
        "dead": counts.dead,
        "duplicate": counts.duplicate,
        "redelivered": counts.redelivered,
        **{f"ignored.{reason}": count for reason, count in counts.ignored.items()},
        "in_flight": counts.in_flight,
    }


def _notices(counts: StageCounts) -> Mapping[str, int]:
    return counts.notices


def _readings(counts: StageCounts) -> Mapping[str, int]:
    return {"all": counts.readings}
