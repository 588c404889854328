"""From the settings to the loss ledger: what a day is, and which outages were recorded."""

from collections.abc import Iterator

from application.time_zone import time_zone
from domain.errors import InvalidValue
from domain.radio import DayCalendar, LossLedger, Outage
from domain.rfc3339 import parse_rfc3339
from stadtfunk.settings import OutageSettings, Settings


def loss_ledger(settings: Settings) -> LossLedger:
    """Return the ledger of these settings, which are right."""
    outages = [_outage(each) for each in settings.losses.outages]
    return LossLedger(DayCalendar(time_zone(settings.losses.time_zone)), outages)


def loss_mistakes(settings: Settings) -> Iterator[str]:
    """Yield what is wrong with ``[losses]``."""
    try:
        time_zone(settings.losses.time_zone)
    except InvalidValue as error:
        yield f"losses.time_zone: {error.message}"
    for index, each in enumerate(settings.losses.outages):
        try:
            outage = _outage(each)
        except InvalidValue as error:
            yield f"losses.outages[{index}]: {error.message}"
            continue
        if outage.since_ns >= outage.until_ns:
            yield f"losses.outages[{index}]: until = {each.until!r} is not after since = {each.since!r}"


def _outage(settings: OutageSettings) -> Outage:
    return Outage(settings.source, parse_rfc3339(settings.since), parse_rfc3339(settings.until), settings.cause)
