"""What topics must be like, and what is wrong with those that are not."""

import pytest

from adapters.kafka.topics import Topics, TopicShape
from adapters.kafka.topics_migration import FoundTopic, Mistake, mistakes

TOPICS = Topics(partitions=4, replication_factor=3, retention_days=2)
COMPACTED = {"backfill", "connectors", "device-memory", "device-states", "devices", "loss-ledger", "registry"}
SHAPES = {shape.name: shape for shape in TOPICS.shapes()}


def found(shape: TopicShape, partitions: int | None = None, replicas: int | None = None, **changed: str) -> FoundTopic:
    """Return a topic as ``shape`` asks for it, but for what is given."""
    configuration = shape.required | {name.replace("_", "."): value for name, value in changed.items()}
    return FoundTopic(
        shape.partitions if partitions is None else partitions,
        shape.replication_factor if replicas is None else replicas,
        configuration,
    )


def test_every_topic_has_the_same_number_of_partitions() -> None:
    assert {shape.partitions for shape in SHAPES.values()} == {4}
    assert len(SHAPES) == 13


@pytest.mark.parametrize("name", sorted(COMPACTED))
def test_what_is_the_latest_of_each_name_is_compacted(name: str) -> None:
    assert SHAPES[name].required["cleanup.policy"] == "compact"
    assert "retention.ms" not in SHAPES[name].preferred


def test_the_changelog_keeps_both_records_of_two_owners_for_an_hour() -> None:
    assert SHAPES["device-memory"].required["min.compaction.lag.ms"] == "3600000"


def test_all_else_is_kept_for_the_days_of_the_settings() -> None:
    kept = {name for name, shape in SHAPES.items() if shape.preferred.get("retention.ms") == str(2 * 86_400_000)}
    assert kept == set(SHAPES) - COMPACTED


def test_a_write_is_safe_once_all_replicas_but_one_have_it() -> None:
    assert {shape.preferred["min.insync.replicas"] for shape in SHAPES.values()} == {"2"}
    assert {shape.preferred["min.insync.replicas"] for shape in Topics().shapes()} == {"1"}


def test_a_dead_letter_may_be_larger_than_its_message_in_base64() -> None:
    assert TOPICS.limit("dead-letters") > TOPICS.limit("uplinks") * 4 / 3 + 100_000


def test_topics_as_they_must_be_have_no_mistake() -> None:
    assert mistakes(list(SHAPES.values()), {name: found(shape) for name, shape in SHAPES.items()}) == []


def test_what_is_more_than_asked_for_is_no_mistake() -> None:
    shape = SHAPES["device-memory"]
    more = found(shape, replicas=5, max_message_bytes="9999999", min_compaction_lag_ms="7200000")
    assert mistakes([shape], {shape.name: more}) == []


@pytest.mark.parametrize(
    "name,is_there,what",
    [
        ("uplinks", {"partitions": 3}, "has 3 partitions, not 4"),
        ("uplinks", {"replicas": 1}, "has 1 replicas, not 3"),
        ("uplinks", {"message_timestamp_type": "LogAppendTime"}, "has message.timestamp.type=LogAppendTime"),
        ("uplinks", {"max_message_bytes": "1000"}, "has max.message.bytes=1000, not 1048576"),
        ("device-memory", {"cleanup_policy": "delete"}, "has cleanup.policy=delete, not compact"),
        ("device-memory", {"cleanup_policy": "compact,delete"}, "has cleanup.policy=compact,delete, not compact"),
        ("device-memory", {"min_compaction_lag_ms": "0"}, "has min.compaction.lag.ms=0, not 3600000"),
    ],
)
def test_every_difference_that_matters_is_named(name: str, is_there: dict[str, str], what: str) -> None:
    shape = SHAPES[name]
    [mistake] = mistakes([shape], {name: found(shape, **is_there)})  # type: ignore[arg-type]  # numbers and texts
    assert mistake.topic == name
    assert mistake.what.startswith(what)


def test_a_missing_topic_is_a_mistake() -> None:
    assert mistakes([SHAPES["devices"]], {}) == [Mistake("devices", "is missing")]
