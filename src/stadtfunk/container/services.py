"""The services of the API beside those of readings and devices: the same for both platforms."""

from msgspec import Struct

from adapters.grpc.changes import Changes
from adapters.grpc.class_reading_service import class_reading_service
from adapters.grpc.device_health_service import device_health_service
from adapters.grpc.import_service import import_service
from adapters.grpc.lighting_service import lighting_service
from adapters.grpc.loss_service import loss_service
from adapters.grpc.meter_service import Metering, meter_service
from adapters.grpc.parking_service import parking_service
from adapters.grpc.position_service import position_service
from adapters.grpc.registry_service import registry_service
from adapters.grpc.service import Service
from application.burning_hours import LampHistories
from application.consumption import ConsumptionReport
from application.devices import Devices
from application.exchange_watch import ExchangeWatch
from application.frame_gaps import LedgerGaps
from application.lighting import Lighting
from application.losses import Losses
from application.parking import Parking
from application.point_history import PointHistories
from application.ports.class_readings import ClassReadings
from application.ports.clock import Clock
from application.ports.device_registry import DeviceRegistry
from application.ports.device_states import DeviceStates
from application.ports.loss_days import LossDays
from application.ports.master_data import MasterData
from application.ports.observation_store import ObservationStore
from application.ports.reading_query import ReadingQuery
from application.positions import Positions
from application.read_out import ReadOutReport
from application.read_rate import ReadRateReport
from application.reading_import import ReadingImport
from stadtfunk.settings import GrpcSettings


class Stores(Struct, frozen=True):
    """What services answer from."""

    records: MasterData
    readings: ReadingQuery
    devices: DeviceRegistry
    states: DeviceStates
    losses: LossDays
    by_class: ClassReadings


def more_services(grpc: GrpcSettings, stores: Stores, store: ObservationStore, clock: Clock) -> list[Service]:
    """Return them, ready to be served."""
    changes = Changes(grpc.changes, grpc.host)
    records, readings, states = stores.records, stores.readings, stores.states
    return [
        registry_service(records, clock, changes),
        class_reading_service(stores.by_class),
        import_service(ReadingImport(store, readings, clock), changes),
        meter_service(_metering(stores, clock)),
        device_health_service(Devices(states, records, clock)),
        parking_service(Parking(readings, states, records, LedgerGaps(stores.losses), clock)),
        lighting_service(Lighting(states, records, clock), LampHistories(readings, records, clock)),
        position_service(Positions(readings, stores.devices, records, clock)),
        loss_service(Losses(stores.losses), clock),
    ]


def _metering(stores: Stores, clock: Clock) -> Metering:
    histories = PointHistories(stores.records, stores.readings, stores.states)
    return Metering(
        stores.records,
        ConsumptionReport(histories, clock),
        ReadOutReport(stores.records, histories, clock),
        ReadRateReport(stores.records, histories, stores.readings, stores.devices, clock),
        ExchangeWatch(stores.records, histories, clock),
    )
