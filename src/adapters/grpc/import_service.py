"""stadtfunk.api.reading.v1.ImportService: readings that no device sent by radio."""

# ruff: noqa: ARG002, N802  names and arguments are the API's

from adapters.grpc.changes import Changes
from adapters.grpc.interceptors import Context
from adapters.grpc.registry_service import bounded
from adapters.grpc.service import Service, service
from adapters.grpc.times import EARLIEST_NS, bound
from application.reading_import import Given, Imported, ReadingImport
from domain.errors import InvalidValue
from stadtfunk.api.reading.v1 import import_service_pb2
from stadtfunk.api.reading.v1.import_service_pb2 import (
    ImportAction,
    ImportedReading,
    ImportReadingsRequest,
    ImportReadingsResponse,
    ImportResult,
)
from stadtfunk.api.reading.v1.import_service_pb2_grpc import (
    ImportServiceServicer,
    add_ImportServiceServicer_to_server,
)

_ACTIONS = {
    "created": ImportAction.IMPORT_ACTION_CREATED,
    "changed": ImportAction.IMPORT_ACTION_CHANGED,
    "unchanged": ImportAction.IMPORT_ACTION_UNCHANGED,
    "refused": ImportAction.IMPORT_ACTION_REFUSED,
}
ACTION_WORDS = {code: word for word, code in _ACTIONS.items()}


class ImportService(ImportServiceServicer):
    """Stores back-dated readings."""

    def __init__(self, imports: ReadingImport, changes: Changes) -> None:
        self._imports = imports
        self._changes = changes

    async def ImportReadings(self, request: ImportReadingsRequest, context: Context) -> ImportReadingsResponse:
        """Store up to a thousand readings."""
        self._changes.check()
        bounded("readings", request.readings)
        given = [_given(reading) for reading in request.readings]
        imported = await self._imports.import_readings(given, dry_run=request.validate_only)
        return ImportReadingsResponse(results=[_result(each) for each in imported])


def import_service(imports: ReadingImport, changes: Changes) -> Service:
    """Return the service, ready to be served."""
    servicer = ImportService(imports, changes)
    return service(import_service_pb2.DESCRIPTOR, "ImportService", add_ImportServiceServicer_to_server, servicer)


def _event_ns(message: ImportedReading) -> int:
    """Return when it was; what is no time at all is refused with its reading, as one before 1970, and no other."""
    try:
        return bound(message.event_time, "event_time")
    except InvalidValue:
        return EARLIEST_NS


def _given(message: ImportedReading) -> Given:
    return Given(
        message.device,
        _event_ns(message),
        message.measurand,
        message.value,
        message.channel,
        message.quality,
    )


def _result(imported: Imported) -> ImportResult:
    return ImportResult(
        action=_ACTIONS[imported.action],
        before=imported.before,
        reason=imported.reason,
        message=imported.message,
        field=imported.field,
    )
