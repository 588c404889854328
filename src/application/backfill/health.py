"""What is still to be fetched, and when the store will have forgotten it."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from application.backfill.plan import Plan
from application.ports.backfill_book import Coverage, Entry, GapMark, Window

_MANY_TRIES = 5
"""With the pauses between them a quarter of an hour: no hiccup."""


class State(StrEnum):
    """From well to lost."""

    WAITING = "waiting"
    FAILING = "failing"
    """Tried again and again, in vain."""
    EXPIRING = "expiring"
    """The store will soon have forgotten the beginning of it."""
    EXPIRED = "expired"
    """It has forgotten the beginning of it."""

    @property
    def is_well(self) -> bool:
        """Whether nobody need look."""
        return self is State.WAITING


class Due(Struct, frozen=True):
    """A window, or the gaps since a time, of which the store has not told all."""

    key: str
    source: str
    what: str
    """Why it is asked for: ``start``, ``reconnect``, ``asked`` or ``gaps``; ``silence``: why it should be."""
    since_us: int
    until_us: int
    expires_us: int
    """When the store forgets its first message."""
    state: State
    tries: int = 0
    trouble: str = ""


def due(entries: Sequence[Entry], plans: Mapping[str, Plan], now_us: int) -> list[Due]:
    """Return what is still to be fetched of the sources in ``plans``, what expires first at first."""
    found = []
    for entry in entries:
        plan = plans.get(entry.source)
        if plan is None:
            continue
        if isinstance(entry, Window) and entry.is_open:
            expires_us = entry.begins_us + plan.retention_us
            state = _state(plan, expires_us, now_us, entry.tries)
            found.append(
                Due(
                    entry.key,
                    entry.source,
                    entry.reason,
                    entry.begins_us,
                    entry.until_us,
                    expires_us,
                    state,
                    entry.tries,
                    entry.trouble,
                )
            )
        elif isinstance(entry, GapMark) and plan.gaps_every_us:
            expires_us = entry.through_us + plan.retention_us
            state = _state(plan, expires_us, now_us, 0)
            if not state.is_well or entry.trouble:
                found.append(
                    Due(entry.key, entry.source, "gaps", entry.through_us, now_us, expires_us, state, 0, entry.trouble)
                )
    found += _silent(entries, plans, now_us)
    return sorted(found, key=lambda each: (each.expires_us, each.key))


def _silent(entries: Sequence[Entry], plans: Mapping[str, Plan], now_us: int) -> Iterator[Due]:
    """Yield the sources of which no bridge has told anything for so long that the store will soon forget it.

    A hole becomes a window when it ends. While no bridge comes back, this alone tells of it.
    """
    covered = {each.source for each in entries if isinstance(each, Coverage)}
    for source in sorted(covered & plans.keys()):
        through_us = max(_told_through_us(each) for each in entries if each.source == source)
        expires_us = through_us + plans[source].retention_us
        state = _state(plans[source], expires_us, now_us, 0)
        if not state.is_well:
            trouble = "nothing has come since: does a bridge to it run, and is it connected?"
            yield Due(f"silence/{source}", source, "silence", through_us, now_us, expires_us, state, 0, trouble)


def _told_through_us(entry: Entry) -> int:
    """Return up to when what ``entry`` speaks of has come, or will be fetched."""
    if isinstance(entry, Coverage):
        return entry.through_us
    return entry.until_us if isinstance(entry, Window) and not entry.dev_eui else 0


def _state(plan: Plan, expires_us: int, now_us: int, tries: int) -> State:
    if now_us >= expires_us:
        return State.EXPIRED
    if now_us >= expires_us - plan.warning_us:
        return State.EXPIRING
    return State.FAILING if tries >= _MANY_TRIES else State.WAITING
