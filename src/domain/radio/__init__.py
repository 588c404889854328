"""The radio world: uplinks, activations, and what their counters say about lost frames."""

from domain.radio.connection import ConnectionInfo, connection_info
from domain.radio.frame_account import FrameAccount, account, activate, mark_undecodable
from domain.radio.frame_counts import FrameCounts
from domain.radio.segment import Segment
from domain.radio.uplink import (
    Activation,
    Ignored,
    Message,
    Reception,
    ServerNotice,
    ServerReport,
    Unreadable,
    Uplink,
)
from domain.radio.verdict import Verdict

__all__ = [
    "Activation",
    "ConnectionInfo",
    "FrameAccount",
    "FrameCounts",
    "Ignored",
    "Message",
    "Reception",
    "Segment",
    "ServerNotice",
    "ServerReport",
    "Unreadable",
    "Uplink",
    "Verdict",
    "account",
    "activate",
    "connection_info",
    "mark_undecodable",
]
