"""Numbers that a role tells whoever collects metrics, beside the counters of its stages."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from adapters.kafka.checkpoint import KafkaCheckpoint, Restoration
from adapters.kafka.partition_assignment import KafkaPartitionAssignment
from application.backfill import Backfill
from application.connectors import Supervised
from application.ports.clock import Clock

_US = 1_000_000

Told = Iterable[tuple[float, Mapping[str, int | str]]]
"""Values, each with what tells it from the others of its name."""


class Figure(Struct, frozen=True):
    """A number, asked for whenever metrics are read."""

    name: str
    unit: str
    told: Callable[[], Told]
    is_total: bool = False
    """It only grows."""


def changelog_figures(checkpoint: KafkaCheckpoint) -> list[Figure]:
    """Return how long the restore of each partition took, what it found, and what had to be repaired."""

    def of_each(value: Callable[[Restoration], float]) -> Callable[[], Told]:
        restorations = checkpoint.restorations
        return lambda: [(value(each), {"partition": each.partition}) for each in list(restorations.values())]

    return [
        Figure("stadtfunk.restore.duration.seconds", "s", of_each(lambda each: each.duration_s)),
        Figure("stadtfunk.restore.devices", "{device}", of_each(lambda each: each.devices)),
        Figure("stadtfunk.restore.records", "{record}", of_each(lambda each: each.records)),
        Figure("stadtfunk.changelog.stale", "{record}", lambda: [(checkpoint.changelog.stale, {})], is_total=True),
    ]


def assignment_figures(assignment: KafkaPartitionAssignment) -> list[Figure]:
    """Return how often partitions moved, and how often work on one came too late for it."""
    return [
        Figure("stadtfunk.partitions.rebalances", "{rebalance}", lambda: [(assignment.rebalances, {})], is_total=True),
        Figure("stadtfunk.partitions.fenced", "{partition}", lambda: [(assignment.fenced, {})], is_total=True),
        Figure("stadtfunk.partitions.broken_off", "{partition}", lambda: [(assignment.broken_off, {})], is_total=True),
    ]


def backfill_figures(sources: Mapping[str, Backfill], clock: Clock) -> list[Figure]:
    """Return of each source how much is still to be fetched from its store, and how long it can still be."""

    def waiting() -> Told:
        return [(len(each.due), {"source": source}) for source, each in sources.items()]

    def expires() -> Told:
        now_us = clock.now_us()
        return [
            ((min(window.expires_us for window in each.due) - now_us) / _US, {"source": source})
            for source, each in sources.items()
            if each.due
        ]

    return [
        Figure("stadtfunk.backfill.windows", "{window}", waiting),
        Figure("stadtfunk.backfill.expires", "s", expires),
    ]


def connector_figures(connectors: Sequence[Supervised], clock: Clock) -> list[Figure]:
    """Return of each connector whether it runs, what waits for it, and how long ago it was last known to be well."""

    def of_each(value: Callable[[Supervised], float | None]) -> Callable[[], Told]:
        return lambda: [
            (found, {"connector": each.name, "kind": each.kind})
            for each in connectors
            if (found := value(each)) is not None
        ]

    def age_s(us: int) -> float | None:
        return max(0, clock.now_us() - us) / _US if us else None

    def canary_age_s(connector: Supervised) -> float | None:
        return age_s(connector.canary.back_us) if connector.canary is not None else None

    return [
        Figure("stadtfunk.connector.running", "1", of_each(lambda each: float(each.progress.state == "RUNNING"))),
        Figure("stadtfunk.connector.lag", "{item}", of_each(lambda each: each.progress.lag)),
        Figure("stadtfunk.connector.success.age", "s", of_each(lambda each: age_s(each.progress.last_success_us))),
        Figure(
            "stadtfunk.connector.canary.age",
            "s",
            of_each(canary_age_s),
        ),
    ]
