"""Accounts of frames and joins, in their order of arrival."""

from domain.radio import Activation, FrameAccount, Uplink, Verdict, account, activate


def after(*messages: Uplink | Activation, known: FrameAccount | None = None) -> FrameAccount:
    """Return the account of a device after ``messages``, in this order of arrival."""
    found = FrameAccount() if known is None else known
    for message in messages:
        found = activate(message, found) if isinstance(message, Activation) else account(message, found)[1]
    return found


def verdict_of(last: Uplink, *before: Uplink | Activation) -> Verdict:
    """Return what ``last`` is, after ``before``."""
    return account(last, after(*before))[0]


def numbers(known: FrameAccount) -> tuple[int, int, int]:
    """Return received, missing and duplicate."""
    return known.counts.received, known.missing, known.counts.duplicate
