"""The ledger by its definition: over the set of all messages of a device at one source, with nothing forgotten.

Written from the definition and not from the account: it knows every frame, sorts them, divides them into segments, and
counts what the sets hold. Slow, and small enough to be believed.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.radio import Activation, DayCalendar, Uplink

S = 1_000_000_000
COUNTED = ("received", "missing", "duplicate", "empty", "breaks", "sessions")
"""What does not depend on the order of arrival."""


@dataclass
class Stretch:
    """A segment: its received frames by full counter."""

    join_ns: int
    is_broken: bool
    claims_from: int
    heard: dict[int, Uplink] = field(default_factory=dict)
    copies: list[Uplink] = field(default_factory=list)
    rolled: bool = False

    @property
    def last(self) -> int:
        return max(self.heard)

    def gaps(self) -> list[tuple[int, int, Uplink]]:
        """Return first and last of each run of counters that were not heard, and the frame after it."""
        before, found = self.claims_from - 1, []
        for f_cnt in sorted(self.heard):
            if f_cnt > before + 1:
                found.append((before + 1, f_cnt - 1, self.heard[f_cnt]))
            before = f_cnt
        return found


def stretches(messages: Iterable[Uplink | Activation]) -> list[Stretch]:
    """Return the segments of all sessions."""
    every = list(messages)
    frames = {
        (each.f_cnt, each.f_port, each.payload, each.network_ns): each for each in every if isinstance(each, Uplink)
    }
    joins = {(each.network_ns, each.session, each.dev_addr) for each in every if isinstance(each, Activation)}
    lines: dict[tuple[str, str], list[Uplink]] = {}
    for frame in frames.values():
        lines.setdefault((frame.session, "" if frame.session else frame.dev_addr), []).append(frame)
    found = []
    for (session, dev_addr), line in lines.items():
        found += _divided(sorted(line, key=_order), _times(joins, session, dev_addr), is_named=bool(session))
    return found


def by_day(messages: Iterable[Uplink | Activation], calendar: DayCalendar) -> dict[int, dict[str, int]]:
    """Return what is counted on each day."""
    counted: Counter[tuple[int, str]] = Counter()
    for stretch in stretches(messages):
        start_ns = min(frame.network_ns for frame in stretch.heard.values())
        counted[calendar.day(start_ns), "breaks" if stretch.is_broken else "sessions"] += 1
        for frame in stretch.heard.values():
            counted[calendar.day(frame.network_ns), "received"] += 1
            counted[calendar.day(frame.network_ns), "empty"] += frame.is_empty
        for copy in stretch.copies:
            counted[calendar.day(copy.network_ns), "duplicate"] += 1
        for first, last, after in stretch.gaps():
            counted[calendar.day(after.network_ns), "missing"] += last - first + 1
    days = {day for (day, _), number in counted.items() if number}
    return {day: {what: counted[day, what] for what in COUNTED} for day in sorted(days)}


def _order(frame: Uplink) -> tuple[int, int]:
    return frame.network_ns, frame.f_cnt


def _times(joins: set[tuple[int, str, str]], session: str, dev_addr: str) -> list[int]:
    if session:
        return sorted(ns for ns, name, _ in joins if name == session)
    return sorted(ns for ns, name, address in joins if not name and (not dev_addr or address in (dev_addr, "")))


def _divided(frames: list[Uplink], joins: list[int], *, is_named: bool) -> list[Stretch]:
    """Divide the frames of a line where its counter starts again, by the order of network time."""
    found: list[Stretch] = []
    for frame in frames:
        if _is_copy(frame, found):
            continue
        if not found:
            join_ns = joins[0] if is_named and joins else _last(joins, frame.network_ns + 30 * S)
            found.append(Stretch(join_ns, False, 0 if join_ns else frame.f_cnt, {frame.f_cnt: frame}))
            continue
        now = found[-1]
        full = _full(now, frame.f_cnt)
        join_ns = now.join_ns if is_named else _join_of(frame, now, joins, goes_on=full > now.last)
        if join_ns > now.join_ns:
            found.append(Stretch(join_ns, False, 0, {frame.f_cnt: frame}))
        elif full > now.last and (is_named or full - now.last <= 16_384):
            now.rolled = now.rolled or full != frame.f_cnt
            now.heard[full] = frame
        elif now.claims_from <= full < now.last and full not in now.heard and _is_by_clock(frame, full, now):
            now.heard[full] = frame
        else:
            found.append(Stretch(now.join_ns, True, frame.f_cnt, {frame.f_cnt: frame}))
    return found


def _is_by_clock(frame: Uplink, full: int, now: Stretch) -> bool:
    """Say whether a counter that was left out came up to 30 s after the next higher one: by another clock."""
    following = now.heard[min(each for each in now.heard if each > full)]
    return frame.network_ns // S - following.network_ns // S <= 30


def _is_copy(frame: Uplink, found: list[Stretch]) -> bool:
    for stretch in reversed(found):
        for full, heard in stretch.heard.items():
            shown = {full, full % 65_536} if stretch.rolled else {full}
            is_same = frame.f_cnt in shown and (heard.f_port, heard.payload) == (frame.f_port, frame.payload)
            if is_same and frame.network_ns - heard.network_ns <= 60 * S:
                stretch.copies.append(frame)
                return True
    return False


def _full(now: Stretch, f_cnt: int) -> int:
    """Return a counter of 16 bits in full: the nearest one after roll-overs; the first roll-over near 65536 only."""
    if f_cnt > 65_535:
        return f_cnt
    if now.rolled:
        epoch = now.last // 65_536
        candidates = [f_cnt + 65_536 * each for each in (epoch - 1, epoch, epoch + 1)]
        return min(candidates, key=lambda full: (abs(full - now.last), -full))
    is_fall = f_cnt <= now.last <= 65_535
    return f_cnt + 65_536 if is_fall and f_cnt + 65_536 - now.last <= 1_024 else f_cnt


def _last(joins: list[int], network_ns: int) -> int:
    return max((each for each in joins if each <= network_ns), default=0)


def _join_of(frame: Uplink, now: Stretch, joins: list[int], *, goes_on: bool) -> int:
    running, coming = _last(joins, frame.network_ns), _last(joins, frame.network_ns + 30 * S)
    return running if goes_on and now.join_ns == running else coming
