"""The services of the API beside those of readings and devices: the same for both platforms."""

from adapters.grpc.changes import Changes
from adapters.grpc.import_service import import_service
from adapters.grpc.meter_service import Metering, meter_service
from adapters.grpc.registry_service import registry_service
from adapters.grpc.service import Service
from application.consumption import ConsumptionReport
from application.exchange_watch import ExchangeWatch
from application.point_history import PointHistories
from application.ports.clock import Clock
from application.ports.device_registry import DeviceRegistry
from application.ports.master_data import MasterData
from application.ports.observation_store import ObservationStore
from application.ports.reading_query import ReadingQuery
from application.read_out import ReadOutReport
from application.read_rate import ReadRateReport
from application.reading_import import ReadingImport
from stadtfunk.settings import GrpcSettings


def more_services(
    grpc: GrpcSettings,
    records: MasterData,
    store: ObservationStore,
    readings: ReadingQuery,
    devices: DeviceRegistry,
    clock: Clock,
) -> list[Service]:
    """Return them, ready to be served."""
    changes = Changes(grpc.changes, grpc.host)
    return [
        registry_service(records, clock, changes),
        import_service(ReadingImport(store, readings, clock), changes),
        meter_service(_metering(records, readings, devices, clock)),
    ]


def _metering(records: MasterData, readings: ReadingQuery, devices: DeviceRegistry, clock: Clock) -> Metering:
    histories = PointHistories(records, readings)
    return Metering(
        records,
        ConsumptionReport(histories, clock),
        ReadOutReport(records, histories, clock),
        ReadRateReport(records, histories, readings, devices),
        ExchangeWatch(records, histories, clock),
    )
