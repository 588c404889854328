"""Numbers of ``process``: its changelog, and the partitions it is given."""

from collections.abc import Callable

from adapters.kafka.checkpoint import KafkaCheckpoint, Restoration
from adapters.kafka.partition_assignment import KafkaPartitionAssignment
from stadtfunk.figures.figure import Figure, Told


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
