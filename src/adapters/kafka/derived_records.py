"""Results of processing as records: JSON objects that other teams can read with any Kafka client (docs/topics.md)."""

from collections.abc import Callable, Iterable
from hashlib import blake2b

import msgspec

from adapters.kafka.producer import NO_HEADERS, Lot
from adapters.kafka.record_batch import Record
from adapters.kafka.topics import Topics
from application.ports.dead_letters import DeadLetter
from application.processing.outcome import Outcome
from domain.device import Device, DeviceState
from domain.observation import Observation
from domain.radio import Activation, ConnectionInfo, LossDay

Derived = Observation | DeviceState | Device | ConnectionInfo | Activation

_encode: Callable[[object], bytes] = msgspec.json.Encoder().encode
_OVERHEAD = 1_024
"""Key and Kafka's own fields of a record."""
_KEPT = 65_536
"""Of a body that is too large for a dead letter."""


def derived_lots(outcome: Outcome, partition: int, topics: Topics) -> list[Lot]:
    """Return the records of ``outcome``; each goes to the partition number of its input.

    A result that no record takes goes to the dead letters, and its neighbours go on.
    """
    letters = list(outcome.dead_letters)
    lots: list[Lot] = []
    results: Iterable[tuple[str, Iterable[Derived]]] = (
        (topics.observations, outcome.observations),
        (topics.device_states, outcome.states),
        (topics.devices, outcome.devices),
        (topics.radio_metadata, outcome.connections),
        (topics.activations, outcome.activations),
    )
    for topic, values in results:
        limit = topics.limit(topic) - _OVERHEAD
        records: list[Record] = [(value.dev_eui.encode(), _encode(value), None, NO_HEADERS) for value in values]
        if records:
            lots.append(Lot(topic, partition, _fitting(records, topic, limit, partition, letters)))
    if outcome.losses:
        lots.append(
            Lot(
                topics.loss_ledger,
                partition,
                [(_day_key(row), _encode(row), None, NO_HEADERS) for row in outcome.losses],
            )
        )
    if letters:
        lots.append(Lot(topics.dead_letters, partition, letter_records(letters, topics)))
    return [lot for lot in lots if lot.records]


def _day_key(row: LossDay) -> bytes:
    """Return what the topic keeps the newest of: a device's day at one source."""
    return f"{row.dev_eui}/{row.day}/{row.source}".encode()


def letter_records(letters: Iterable[DeadLetter], topics: Topics) -> list[Record]:
    """Return dead letters as records; one that no record takes keeps the beginning of its body."""
    limit = topics.limit(topics.dead_letters) - _OVERHEAD
    records: list[Record] = []
    for letter in letters:
        value = _encode(letter)
        if len(value) > limit:
            value = _encode(_cut(letter))
        records.append((letter.letter_id.encode(), value, None, NO_HEADERS))
    return records


def _fitting(records: list[Record], topic: str, limit: int, partition: int, letters: list[DeadLetter]) -> list[Record]:
    if max([len(value or b"") for _, value, _, _ in records]) <= limit:
        return records
    fitting: list[Record] = []
    for record in records:
        value = record[1] or b""
        if len(value) <= limit:
            fitting.append(record)
        else:
            letters.append(_too_large(record[0].decode(), value, topic, limit, partition))
    return fitting


def _too_large(dev_eui: str, value: bytes, topic: str, limit: int, partition: int) -> DeadLetter:
    reason = "result_too_large"
    return DeadLetter(
        # The same result has the same bytes after a restart, and so the same letter.
        letter_id=f"{reason}-{blake2b(value, digest_size=8).hexdigest()}",
        reason=reason,
        stage="process",
        detail=f"{len(value)} bytes for topic {topic!r}, which takes {limit}: raise its max.message.bytes",
        origin=f"{topic}/{partition}",
        source="",
        topic="",
        received_us=0,
        body=value[:_KEPT],
        dev_eui=dev_eui,
    )


def _cut(letter: DeadLetter) -> DeadLetter:
    return DeadLetter(
        letter_id=letter.letter_id,
        reason=letter.reason,
        stage=letter.stage,
        detail=f"{letter.detail[:_KEPT]} (the first {_KEPT} of {len(letter.body)} bytes)",
        origin=letter.origin,
        source=letter.source,
        topic=letter.topic,
        received_us=letter.received_us,
        body=letter.body[:_KEPT],
        dev_eui=letter.dev_eui,
        device_type=letter.device_type,
        decoder=letter.decoder,
        payload=letter.payload[:_KEPT],
        data_class=letter.data_class,
        settled=letter.settled,
    )
