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


def fetched(group: Sequence[Window], through_us: int, messages: int, now_us: int, trouble: str = "") -> list[Window]:
    """Return the windows of ``group`` that change now that all up to ``through_us`` is in our log.

    ``trouble``: why that may not be all that there ever was.
    """
    changed = []
    for window in group:
        if window.is_open and window.begins_us < through_us:
            is_over = through_us >= window.until_us
            changed.append(
                replace(
                    window,
                    through_us=min(through_us, window.until_us),
                    fetched_us=now_us if is_over else 0,
                    messages=window.messages + messages,
                    tries=0,
                    next_us=0,
                    trouble=trouble or (window.trouble if window.tries == 0 else ""),
                    written_us=max(now_us, window.written_us + 1),
                )
            )
    return changed


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


def _end(group: Sequence[Window]) -> int:
    return max(each.until_us for each in group)
