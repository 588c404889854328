"""Windows that overlap are asked for at once."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from application.ports.backfill_book import Window


def together(windows: Iterable[Window]) -> list[list[Window]]:
    """Return ``windows`` in groups that overlap or touch, the oldest first; a device's own stand alone."""
    groups: list[list[Window]] = []
    for window in sorted(windows, key=lambda each: (each.dev_eui, each.begins_us, each.until_us)):
        last = groups[-1] if groups else []
        if last and not window.dev_eui and not last[0].dev_eui and window.begins_us <= _end(last):
            last.append(window)
        else:
            groups.append([window])
    return sorted(groups, key=lambda group: group[0].begins_us)


def fetched(group: Sequence[Window], through_us: int, messages: int, now_us: int, kept_us: int = 0) -> list[Window]:
    """Return the windows of ``group`` that change now that all up to ``through_us`` is in our log.

    ``kept_us``: what is before it the store had forgotten when it was asked.
    """
    return [
        _advanced(window, through_us, messages, now_us, kept_us)
        for window in group
        if window.is_open and window.begins_us < through_us
    ]


def _advanced(window: Window, through_us: int, messages: int, now_us: int, kept_us: int) -> Window:
    is_over, messages = through_us >= window.until_us, window.messages + messages
    lost_until_us = min(kept_us, window.until_us) if window.begins_us < kept_us else window.lost_until_us
    return replace(
        window,
        through_us=min(through_us, window.until_us),
        fetched_us=now_us if is_over else 0,
        messages=messages,
        lost_until_us=lost_until_us,
        tries=0,
        next_us=0,
        trouble=_doubt(window, messages, lost_until_us) if is_over else "",
        written_us=max(now_us, window.written_us + 1),
    )


def _doubt(window: Window, messages: int, lost_until_us: int) -> str:
    """Return what is wrong with what was fetched of a window, if something is.

    A window begins before the last message that came the live way: the store has that one at least, unless it has none.
    """
    if lost_until_us:
        return "the store had forgotten the beginning when it was asked"
    if not messages and not window.dev_eui and window.reason != "asked":
        return "the store has not even what had come before: is it activated for the application, do the clocks agree?"
    return ""


def failed(group: Sequence[Window], trouble: str, pause_us: int, now_us: int) -> list[Window]:
    """Return the windows of ``group`` after a try that came to nothing."""
    return [
        replace(
            window,
            tries=window.tries + 1,
            next_us=now_us + pause_us,
            trouble=trouble,
            written_us=max(now_us, window.written_us + 1),
        )
        for window in group
        if window.is_open
    ]


def given_up(group: Sequence[Window], trouble: str, now_us: int) -> list[Window]:
    """Return the windows of ``group``, of which the store cannot be asked: they are over, and in doubt."""
    return [
        replace(window, fetched_us=now_us, trouble=trouble, written_us=max(now_us, window.written_us + 1))
        for window in group
        if window.is_open
    ]


def _end(group: Sequence[Window]) -> int:
    return max(each.until_us for each in group)
