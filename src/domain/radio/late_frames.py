"""A frame that arrives later than the last frames reach: what can still be said of it, and what only a recount can."""

from domain.radio.draft import Draft
from domain.radio.recent_frames import Frame
from domain.radio.timeline import Timeline
from domain.radio.verdict import Verdict


def settle(timeline: Timeline, frame: Frame) -> Verdict:
    """Take a frame from before the remembered ones; where it fits into no gap its verdict is FORGOTTEN."""
    draft = _draft_of(timeline.drafts, frame.network_ns)
    full = draft.full(frame.f_cnt)
    if draft.origin.is_broken and frame.network_ns < draft.start_ns:
        return Verdict.FORGOTTEN  # of a segment before it, which is closed
    if full > draft.settled and draft.is_missing_at(full, frame.network_ns):
        draft.fill(full, frame, is_recent=False)
        return Verdict.LATE
    if frame.network_ns < draft.start_ns:
        return _from_before(timeline, draft, full, frame)
    is_known = max(draft.first, draft.settled + 1) <= full <= draft.last
    return Verdict.REDELIVERED if is_known and not _contradicts(draft, frame) else Verdict.FORGOTTEN


def _draft_of(drafts: list[Draft], network_ns: int) -> Draft:
    """Return the newest that had begun by then, else the oldest."""
    return next((draft for draft in reversed(drafts) if draft.start_ns <= network_ns), drafts[0])


def _from_before(timeline: Timeline, draft: Draft, full: int, frame: Frame) -> Verdict:
    """Take a frame from before the first one of its line, if it counted on to that."""
    if full >= draft.first or timeline.line.join_at(draft.start_ns) > frame.network_ns:
        return Verdict.FORGOTTEN
    draft.precede(full, frame)
    return Verdict.LATE


def _contradicts(draft: Draft, frame: Frame) -> bool:
    """Say whether only other frames with that counter are remembered."""
    alike = [each.is_like(frame.mark) for each in draft.frames if draft.shows(each, frame.f_cnt)]
    return bool(alike) and not any(alike)
