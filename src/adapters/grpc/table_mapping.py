"""Rows of tables, records and readings, as messages and back: the client's side."""

import msgspec

from adapters.grpc import import_service, registry_service
from adapters.grpc.times import timestamp
from application.reading_import import Given, Imported
from application.record_merge import Change, Fields, Merged
from stadtfunk.api.reading.v1.import_service_pb2 import ImportedReading, ImportResult
from stadtfunk.api.registry.v1.registry_service_pb2 import MergeResult

_DECODER = msgspec.json.Decoder(dict[str, object])


def encoded(fields: Fields) -> str:
    """Return ``fields`` as a JSON object."""
    return msgspec.json.encode(fields).decode()


def decoded(text: str) -> Fields:
    """Return the fields in a JSON object."""
    return _DECODER.decode(text)


def merged_of(result: MergeResult) -> Merged:
    """Return what became of a draft."""
    refusal = result.refusal
    return Merged(
        registry_service.ACTION_WORDS.get(result.action, "refused"),
        result.key,
        [Change(each.field, each.before, each.after) for each in result.changes],
        {"reason": refusal.reason, "message": refusal.message, "field": refusal.field, "value": refusal.value}
        if result.HasField("refusal")
        else {},
    )


def reading_message(given: Given) -> ImportedReading:
    """Return a reading to import."""
    return ImportedReading(
        device=given.device,
        event_time=timestamp(given.event_ns),
        measurand=given.measurand,
        channel=given.channel,
        value=given.value,
        quality=given.quality,
    )


def imported_of(result: ImportResult) -> Imported:
    """Return what became of a reading."""
    word = import_service.ACTION_WORDS.get(result.action, "refused")
    return Imported(word, result.before, result.reason, result.message, result.field)
