"""What a role tells of its changelog and its partitions, for whoever collects metrics."""

from collections.abc import Sequence

from opentelemetry.sdk.metrics.export import InMemoryMetricReader, Sum

from adapters.kafka.checkpoint import KafkaCheckpoint, Restoration
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.partition_assignment import KafkaPartitionAssignment
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_consumer import UplinkConsumer
from application.backfill import due
from stadtfunk.figures import Figure
from stadtfunk.figures.backfill import backfill_figures
from stadtfunk.figures.connectors import connector_figures
from stadtfunk.figures.on_kafka import assignment_figures, changelog_figures
from stadtfunk.telemetry import meter_provider
from tests.unit.application.backfill.scene import NOON_US, PLAN, Scene, a_window
from tests.unit.application.connectors import test_supervised as connectors


def test_restores_are_told_by_partition_and_repairs_as_a_total() -> None:
    connection, topics = KafkaConnection(bootstrap="here"), Topics()
    producer = BatchProducer(connection, max_batch_bytes=topics.max_message_bytes)
    checkpoint = KafkaCheckpoint(connection, topics, producer, UplinkConsumer(connection, topics, "group"))
    checkpoint.restorations[3] = Restoration(3, devices=23_125, records=40_000, duration_s=1.5)
    checkpoint.changelog.stale = 2
    found, totals = told(changelog_figures(checkpoint))
    assert found == {
        ("stadtfunk.restore.duration.seconds", 3): 1.5,
        ("stadtfunk.restore.devices", 3): 23_125,
        ("stadtfunk.restore.records", 3): 40_000,
        ("stadtfunk.changelog.stale",): 2,
    }
    assert totals == {"stadtfunk.changelog.stale"}


def test_moves_of_partitions_are_told() -> None:
    consumer = UplinkConsumer(KafkaConnection(bootstrap="here"), Topics(), "group")
    assignment = KafkaPartitionAssignment(consumer)
    assignment.rebalances, assignment.fenced, assignment.broken_off = 3, 2, 1
    names = [f"stadtfunk.partitions.{name}" for name in ("rebalances", "fenced", "broken_off")]
    assert told(assignment_figures(assignment)) == ({(names[0],): 3, (names[1],): 2, (names[2],): 1}, set(names))


def told(figures: Sequence[Figure]) -> tuple[dict[tuple[object, ...], object], set[str]]:
    """Return what a collector reads, by name and partition, and the names of those that only grow."""
    reader = InMemoryMetricReader()
    provider = meter_provider({}, reader, "process", figures=figures)
    data = reader.get_metrics_data()
    assert data is not None
    found: dict[tuple[object, ...], object] = {}
    totals: set[str] = set()
    for metric in data.resource_metrics[0].scope_metrics[0].metrics:
        totals |= {metric.name} if isinstance(metric.data, Sum) else set()
        for point in metric.data.data_points:
            found[metric.name, *(point.attributes or {}).values()] = getattr(point, "value", None)
    provider.shutdown()
    return found, totals


def test_what_is_still_to_be_fetched_is_told_by_source_and_until_when_it_can_be() -> None:
    scene = Scene()
    waiting, idle = scene.backfill(), scene.backfill(source="other")
    waiting.due = due([a_window(0, 60), a_window(90, 120)], {"swu": PLAN}, NOON_US)
    found, totals = told(backfill_figures({"swu": waiting, "other": idle}, scene.clock))
    assert found == {
        ("stadtfunk.backfill.windows", "swu"): 2,
        ("stadtfunk.backfill.windows", "other"): 0,
        ("stadtfunk.backfill.expires", "swu"): 86_400.0,
    }
    assert totals == set()


async def test_connectors_are_told_with_how_long_ago_they_were_known_to_be_well() -> None:
    scene = connectors.Scene()
    running = await scene.running()
    scene.progress.succeeded()
    scene.progress.note_lag(4)
    scene.clock.advance(9)
    found, totals = told(connector_figures([scene.connector], scene.clock))
    of_it = ("swu-water-ttn", "ttn_uplinks")
    assert found == {
        ("stadtfunk.connector.running", *of_it): 1.0,
        ("stadtfunk.connector.lag", *of_it): 4,
        ("stadtfunk.connector.success.age", *of_it): 9.0,
    }
    assert totals == set()
    await scene.connector.stop()
    await running
