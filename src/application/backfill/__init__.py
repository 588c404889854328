"""Backfill: what never reached us is fetched from the network server's own store of messages."""

from application.backfill.copying import Means
from application.backfill.coverage import CoverageWatch, WatchedSource, Watching
from application.backfill.device_names import RegistryNames
from application.backfill.filling import Backfill, expiry_text
from application.backfill.gaps import GapSearch
from application.backfill.health import Due, State, due
from application.backfill.plan import Plan

__all__ = [
    "Backfill",
    "CoverageWatch",
    "Due",
    "GapSearch",
    "Means",
    "Plan",
    "RegistryNames",
    "State",
    "WatchedSource",
    "Watching",
    "due",
    "expiry_text",
]
