"""Backfill of the sources whose store of messages may be asked: the same for both platforms."""

from msgspec import Struct

from adapters.ttn_storage.uplink_storage import TtnUplinkStorage
from application.backfill import Backfill, GapSearch, Means, RegistryNames
from application.ports.backfill_book import BackfillBook
from application.ports.clock import Clock
from application.ports.device_registry import DeviceRegistry
from application.ports.loss_days import LossDays
from application.ports.uplink_log import UplinkLog
from domain.radio import LossLedger
from stadtfunk.adapter_settings import backfill_plan, backfilled, storage_settings
from stadtfunk.settings import MqttSourceSettings, Settings


class Backfilled(Struct, frozen=True):
    """One source; its store is to be opened before its backfill runs."""

    source: str
    storage: TtnUplinkStorage
    backfill: Backfill


class Stored(Struct, frozen=True):
    """What backfill reads and writes of ours."""

    log: UplinkLog
    book: BackfillBook
    losses: LossDays
    devices: DeviceRegistry
    ledger: LossLedger


def backfills(settings: Settings, ours: Stored, clock: Clock, *, ends_refused: bool) -> list[Backfilled]:
    """Return the backfill of each source that has one.

    ``ends_refused``: whether a store that will not have us ends the process.
    """
    return [_backfilled(each, ours, clock, ends_refused=ends_refused) for each in backfilled(settings)]


def _backfilled(source: MqttSourceSettings, ours: Stored, clock: Clock, *, ends_refused: bool) -> Backfilled:
    plan, names = backfill_plan(source), RegistryNames(ours.devices, clock, source.name)
    storage = TtnUplinkStorage(storage_settings(source), clock, names)
    means = Means(storage, ours.log, ours.book, names, GapSearch(ours.losses, plan, ours.ledger.calendar), clock)
    return Backfilled(source.name, storage, Backfill(plan, means, ends_refused=ends_refused))
