"""The loss ledger in the step: which of its rows changed, and what unreadable messages mean to it."""

from collections.abc import Mapping

from application.ports.uplink_log import RawUplink
from domain.device import DeviceMemory, Memory
from domain.radio import FrameAccount, LossDay, LossLedger, Recounted, note_unparsed, replaced

_NO_FRAMES = FrameAccount()
_US = 1_000


def changed_losses(ledger: LossLedger, before: Memory, changed: Mapping[str, DeviceMemory]) -> list[LossDay]:
    """Return the rows that differ between ``before`` and the devices that changed."""
    rows: list[LossDay] = []
    for dev_eui, memory in changed.items():
        known = before.get(dev_eui)
        known_accounts = known.accounts if known is not None else {}
        for source, account in memory.accounts.items():
            known_account = known_accounts.get(source, _NO_FRAMES)
            if account is not known_account:
                rows += ledger.changed(memory.device.dev_eui, source, known_account, account, memory.written_us)
    return rows


def with_unparsed(raw: RawUplink, offset: int, known: DeviceMemory) -> DeviceMemory | None:
    """Return the memory of a device after an uplink of its that nobody could read; None: it changes nothing.

    Its frame has a counter that nobody knows. The gap it leaves is ours, not the radio's.
    """
    account = known.accounts.get(raw.source)
    if account is None or offset <= known.offset or not raw.topic.endswith("/up"):
        return None
    return DeviceMemory(
        offset,
        known.device,
        {**known.accounts, raw.source: note_unparsed(raw.received_us * _US, raw.body, account)},
        known.context,
        known.latest,
        known.last_seen_ns,
        max(known.written_us + 1, raw.received_us),
    )


def with_recount(recount: Recounted, offset: int, raw: RawUplink, known: DeviceMemory) -> DeviceMemory | None:
    """Return the memory of a device with its accounts recounted; None: more was heard of it in the meantime."""
    if offset <= known.offset or known.offset > recount.through_offset:
        return None
    anew = {
        source: replaced(known.accounts.get(source, _NO_FRAMES), account)
        for source, account in recount.accounts.items()
    }
    return DeviceMemory(
        offset,
        known.device,
        known.accounts | anew,
        known.context,
        known.latest,
        known.last_seen_ns,
        max(known.written_us + 1, raw.received_us),
    )
