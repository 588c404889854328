"""Instants within bounds, and lengths of time, as people read them; times are UTC."""

from domain.between import Between
from stadtfunk.tables import instant_text

_NS_PER_S = 1_000_000_000


def between_text(between: Between | None) -> str:
    """Return when it was: one instant where it is known, else between which."""
    if between is None:
        return ""
    latest = instant_text(between.latest_ns)
    if between.earliest_ns is None:
        return f"before {latest}"
    return latest if between.is_exact else f"{instant_text(between.earliest_ns)} to {latest}"


def length_text(ns: int | None) -> str:
    """Return a length of time as ``h:mm:ss``; nothing for None."""
    if ns is None:
        return ""
    minutes, seconds = divmod(abs(ns) // _NS_PER_S, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{'-' if ns < 0 else ''}{hours}:{minutes:02d}:{seconds:02d}"


def yes_or_no(known: bool | None) -> str:  # noqa: FBT001  a truth to be told
    """Return it in a word; nothing for None."""
    return "" if known is None else "yes" if known else "no"
