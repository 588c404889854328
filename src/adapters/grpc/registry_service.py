"""stadtfunk.api.registry.v1.RegistryService: what the administration says of devices, meters, spots and lamps."""

# ruff: noqa: ARG002, N802  names and arguments are the API's

from collections.abc import Sequence

import msgspec

from adapters.grpc.changes import Changes
from adapters.grpc.interceptors import Context
from adapters.grpc.pagination import Tokens, page_size
from adapters.grpc.service import Service, service
from adapters.grpc.times import timestamp
from application.ports.clock import Clock
from application.ports.master_data import MasterData, MasterRecord, kind_of
from application.record_merge import Draft, Merged, RecordMerge, kind_called, shown
from domain.errors import InvalidValue
from stadtfunk.api.registry.v1 import registry_service_pb2
from stadtfunk.api.registry.v1.registry_service_pb2 import (
    Action,
    FieldChange,
    ListRecordsRequest,
    ListRecordsResponse,
    MergeRecordsRequest,
    MergeRecordsResponse,
    MergeResult,
    Record,
    Refusal,
    RemoveRecordRequest,
    RemoveRecordResponse,
)
from stadtfunk.api.registry.v1.registry_service_pb2_grpc import (
    RegistryServiceServicer,
    add_RegistryServiceServicer_to_server,
)

MOST_AT_ONCE = 1_000
"""Of one request: some 300 kB."""
_PAGE_BYTES = 2_000_000
"""Fields of one page: clients take 4 MB of a message."""
_NS_PER_US = 1_000
_ACTIONS = {
    "created": Action.ACTION_CREATED,
    "changed": Action.ACTION_CHANGED,
    "unchanged": Action.ACTION_UNCHANGED,
    "refused": Action.ACTION_REFUSED,
}
ACTION_WORDS = {code: word for word, code in _ACTIONS.items()}
_FIELDS = msgspec.json.Decoder(dict[str, object])


class RegistryService(RegistryServiceServicer):
    """Changes and lists master data."""

    def __init__(self, records: MasterData, clock: Clock, changes: Changes) -> None:
        self._records = records
        self._changes = changes
        self._merge = RecordMerge(records, clock)

    async def MergeRecords(self, request: MergeRecordsRequest, context: Context) -> MergeRecordsResponse:
        """Merge up to a thousand drafts."""
        self._changes.check()
        bounded("records", request.records)
        drafts = [_draft(record) for record in request.records]
        merged = await self._merge.merge(drafts, dry_run=request.validate_only)
        return MergeRecordsResponse(results=[_result(each) for each in merged])

    async def ListRecords(self, request: ListRecordsRequest, context: Context) -> ListRecordsResponse:
        """Answer one page."""
        kind, size = kind_called(request.kind), page_size(request.page_size)
        tokens = Tokens(request, "page_token")
        after = tokens.place(str)
        # One more than the page holds says whether there is a next one.
        found = await self._records.page(kind, size=size + 1, after=after or "", prefix=request.prefix)
        page = _fitting([_message(record) for record in found[:size]])
        return ListRecordsResponse(
            records=page, next_page_token=tokens.token(page[-1].key) if len(found) > len(page) else ""
        )

    async def RemoveRecord(self, request: RemoveRecordRequest, context: Context) -> RemoveRecordResponse:
        """Take one record away."""
        self._changes.check()
        if not request.key:
            raise InvalidValue("a key is missing", field="key", value="")
        await self._merge.remove(kind_called(request.kind), request.key)
        return RemoveRecordResponse()


def registry_service(records: MasterData, clock: Clock, changes: Changes) -> Service:
    """Return the service, ready to be served."""
    servicer = RegistryService(records, clock, changes)
    return service(registry_service_pb2.DESCRIPTOR, "RegistryService", add_RegistryServiceServicer_to_server, servicer)


def bounded(field: str, items: Sequence[object]) -> None:
    """Return if a request holds no more items than one may.

    Raises:
        InvalidValue: it does.
    """
    if len(items) > MOST_AT_ONCE:
        message = f"{len(items)} {field} are too many at once: {MOST_AT_ONCE} at most"
        raise InvalidValue(message, field=field, value=str(len(items)))


def _draft(record: Record) -> Draft:
    """Return a draft; fields that are no JSON object are refused as one of no fields at all would be."""
    try:
        return Draft(record.kind, _FIELDS.decode(record.fields))
    except (msgspec.MsgspecError, RecursionError):
        return Draft(record.kind, {"fields": record.fields})


def _result(merged: Merged) -> MergeResult:
    refusal = merged.refusal
    return MergeResult(
        action=_ACTIONS[merged.action],
        key=merged.key,
        changes=[FieldChange(field=each.field, before=each.before, after=each.after) for each in merged.changes],
        refusal=Refusal(
            reason=refusal.get("reason", ""),
            message=refusal.get("message", ""),
            field=refusal.get("field", ""),
            value=refusal.get("value", ""),
        )
        if refusal
        else None,
    )


def _fitting(records: Sequence[Record]) -> Sequence[Record]:
    """Return the first of ``records`` that fit into a page together, at least one."""
    size = 0
    for number, record in enumerate(records):
        size += len(record.fields.encode())
        if number and size > _PAGE_BYTES:
            return records[:number]
    return records


def _message(record: MasterRecord) -> Record:
    return Record(
        kind=kind_of(type(record)),
        key=record.key,
        fields=msgspec.json.encode(shown(record)).decode(),
        write_time=timestamp(record.written_us * _NS_PER_US),
    )
