"""Telemetry: log lines on standard error, and the stages' counters as OpenTelemetry metrics.

No call per message: the counters are plain integers, read when a reader of metrics asks.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version

from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.util.types import AnyValue

from application.lag import GroupLag, PartitionLag
from application.stage_counts import StageCounts
from stadtfunk.figures import Figure
from stadtfunk.settings import LogSettings, TelemetrySettings

Stages = Mapping[str, StageCounts]
Lags = Callable[[], Sequence[GroupLag]]
"""What the last look at consumer groups found."""

_QUIET = ("aiokafka", "cassandra")
"""Their errors are raised as ours: by themselves they are heard only by those who look for a fault."""
_EXPORT_S = 2.0
"""Of the 30 s to our end that a supervisor grants, 25 are for the work in hand."""
_OURS = ("stadtfunk", "adapters", "application", "domain")
_RECORDS = "stadtfunk.stage.records"
"""Input records of a stage by what became of them: ``in`` equals the sum of all others."""
_NOTICES = "stadtfunk.stage.notices"
"""What frames say that is no reading, by its code: values without a unit, acknowledgements, alerts."""
_READINGS = "stadtfunk.stage.readings"

_LAG_RECORDS = "stadtfunk.consumer.lag.records"
"""Records of a partition that a group has not finished."""
_LAG_SECONDS = "stadtfunk.consumer.lag.seconds"
"""How long the first of them has been waiting."""
_LAG_STATUS = "stadtfunk.consumer.status"
"""Burrow's: 1 OK, 2 WARN, 4 STOP, 5 STALL, 6 REWIND."""


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


@asynccontextmanager
async def metrics_of(
    stages: Stages, settings: TelemetrySettings, role: str, lags: Lags = tuple, figures: Sequence[Figure] = ()
) -> AsyncIterator[None]:
    """Send counters, lags and figures to the collector of the settings, if there is one, while it lasts.

    A collector that is not there costs a warning now and then, and twice the 2 s of an export at the end.
    """
    if not settings.otlp_endpoint:
        yield
        return
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import (  # noqa: PLC0415  12 MB, for who exports
        OTLPMetricExporter,
    )

    insecure = settings.otlp_endpoint.startswith("http:")
    exporter = OTLPMetricExporter(endpoint=settings.otlp_endpoint, insecure=insecure, timeout=_EXPORT_S)
    reader = PeriodicExportingMetricReader(exporter, export_interval_millis=settings.every_s * 1_000)
    provider = meter_provider(stages, reader, role, lags, figures)
    try:
        yield
    finally:
        await asyncio.to_thread(provider.shutdown)


def meter_provider(
    stages: Stages, reader: MetricReader, role: str, lags: Lags = tuple, figures: Sequence[Figure] = ()
) -> MeterProvider:
    """Return a provider that gives ``reader`` the counters of ``stages``, ``lags`` and ``figures`` when it asks."""
    resource = Resource.create({"service.name": f"stadtfunk-{role}", "service.version": version("stadtfunk")})
    provider = MeterProvider([reader], resource)
    meter = provider.get_meter("stadtfunk")
    meter.create_observable_counter(_RECORDS, [_observed(stages, _buckets)], unit="{record}")
    meter.create_observable_counter(_NOTICES, [_observed(stages, _notices)], unit="{notice}")
    meter.create_observable_counter(_READINGS, [_observed(stages, _readings)], unit="{reading}")
    meter.create_observable_gauge(_LAG_RECORDS, [_looked_at(lags, lambda part: part.lag)], unit="{record}")
    meter.create_observable_gauge(_LAG_SECONDS, [_looked_at(lags, lambda part: part.lag_s)], unit="s")
    meter.create_observable_gauge(_LAG_STATUS, [_looked_at(lags, lambda part: part.status)])
    for figure in figures:
        create = meter.create_observable_counter if figure.is_total else meter.create_observable_gauge
        create(figure.name, [_told(figure)], unit=figure.unit)
    return provider


def _told(figure: Figure) -> Callable[[CallbackOptions], Iterable[Observation]]:
    return lambda _: [Observation(value, place) for value, place in figure.told()]


def _looked_at(
    lags: Lags, value: Callable[[PartitionLag], float]
) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def observe(_: CallbackOptions) -> Iterable[Observation]:
        for group in lags():
            for part in group.partitions:
                place: dict[str, AnyValue] = {"group": group.group, "topic": part.topic, "partition": part.partition}
                yield Observation(value(part), place)

    return observe


def _observed(
    stages: Stages, values: Callable[[StageCounts], Mapping[str, int]]
) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def observe(_: CallbackOptions) -> Iterable[Observation]:
        for stage, counts in stages.items():
            for bucket, value in list(values(counts).items()):  # the reader has a thread of its own
                yield Observation(value, {"stage": stage, "bucket": bucket})

    return observe


def _buckets(counts: StageCounts) -> Mapping[str, int]:
    return {
        "in": counts.came_in,
        "out": counts.out,
        "dead": counts.dead,
        "duplicate": counts.duplicate,
        "redelivered": counts.redelivered,
        **{f"ignored.{reason}": count for reason, count in list(counts.ignored.items())},
        "in_flight": counts.in_flight,
    }


def _notices(counts: StageCounts) -> Mapping[str, int]:
    return counts.notices


def _readings(counts: StageCounts) -> Mapping[str, int]:
    return {"all": counts.readings}
