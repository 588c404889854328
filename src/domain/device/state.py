"""The public view of a device: when it was heard, what it last said, and what was lost on the way."""

from itertools import starmap

from msgspec import Struct

from domain.device.latest import LatestValue, latest_values
from domain.device.memory import DeviceMemory
from domain.identifiers import DevEui
from domain.radio import FrameAccount


class FrameSummary(Struct, frozen=True, gc=False):
    """Frames of a device at one source; expected = received + missing."""

    source: str
    received: int
    missing: int
    duplicate: int
    redelivered: int
    late: int
    empty: int
    undecodable: int
    breaks: int
    sessions: int
    last_f_cnt: int


class DeviceState(Struct, frozen=True, gc=False):
    """State of a device after all its uplinks so far."""

    dev_eui: DevEui
    written_us: int
    """Write time; the later state wins."""
    device_type: str
    application_id: str
    device_id: str
    last_seen_ns: int
    frames: tuple[FrameSummary, ...]
    latest: tuple[LatestValue, ...]


def device_state(memory: DeviceMemory) -> DeviceState:
    """Return the public view of ``memory``."""
    device = memory.device
    return DeviceState(
        device.dev_eui,
        memory.written_us,
        device.device_type,
        device.application_id,
        device.device_id,
        memory.last_seen_ns,
        tuple(starmap(_summary, memory.accounts.items())),
        latest_values(memory.latest),
    )


def _summary(source: str, account: FrameAccount) -> FrameSummary:
    before, today = account.before, account.today
    return FrameSummary(
        source,
        before.received + today.received,
        before.missing + today.missing,
        before.duplicate + today.duplicate,
        before.redelivered + today.redelivered,
        before.late + today.late,
        before.empty + today.empty,
        before.undecodable + today.undecodable,
        before.breaks + today.breaks,
        before.sessions + today.sessions,
        account.segments[-1].last if account.segments else -1,
    )
