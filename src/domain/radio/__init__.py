"""The radio world: uplinks, activations, and what their counters say about lost frames."""

from domain.radio.accounting import account, mark_undecodable
from domain.radio.activating import activate
from domain.radio.attribution import Lost, Outage
from domain.radio.connection import ConnectionInfo, connection_info
from domain.radio.day_calendar import UTC_DAYS, DayCalendar
from domain.radio.frame_account import FrameAccount
from domain.radio.frame_counts import FrameCounts
from domain.radio.loss_day import Gap, LossDay, summed
from domain.radio.loss_ledger import LossLedger
from domain.radio.message import Message
from domain.radio.recount import Recounted, recounted, replaced
from domain.radio.segment import Segment
from domain.radio.shared_sessions import Accounted, accounted
from domain.radio.unheard import note, note_unparsed
from domain.radio.uplink import (
    Activation,
    FromServer,
    Ignored,
    Reception,
    ServerNotice,
    ServerReport,
    Unreadable,
    Uplink,
)
from domain.radio.verdict import Verdict

__all__ = [
    "UTC_DAYS",
    "Accounted",
    "Activation",
    "ConnectionInfo",
    "DayCalendar",
    "FrameAccount",
    "FrameCounts",
    "FromServer",
    "Gap",
    "Ignored",
    "LossDay",
    "LossLedger",
    "Lost",
    "Message",
    "Outage",
    "Reception",
    "Recounted",
    "Segment",
    "ServerNotice",
    "ServerReport",
    "Unreadable",
    "Uplink",
    "Verdict",
    "account",
    "accounted",
    "activate",
    "connection_info",
    "mark_undecodable",
    "note",
    "note_unparsed",
    "recounted",
    "replaced",
    "summed",
]
