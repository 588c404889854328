"""The frames of one line, by network time: what each is after those before it, and how one comes to its place late.

``take`` is the definition: it sees frames in the order of their network time. A frame that arrives later than that is
put in its place by taking back what followed it, as far as the last frames are remembered, and taking all again. So
the account does not depend on the order of arrival.
"""

from domain.radio.draft import Draft, begun
from domain.radio.recent_frames import COPY, EMPTY, UNDECODABLE, Frame
from domain.radio.segment import Segment
from domain.radio.sessions import CLOCK_NS, SessionLine
from domain.radio.tally import Tally

RETRANSMISSION_NS = 60 * 1_000_000_000
"""Copies of one frame lie within this time: at most 15 transmissions, seconds apart (TS001-1.0.4, NbTrans)."""
MAX_FCNT_GAP = 16_384
"""Without proof of the session a larger jump is a new start, not a loss (LoRaWAN 1.0.3, 4.3.1.5)."""


class Timeline:
    """The segments of one line, oldest first."""

    def __init__(self, line: SessionLine, drafts: list[Draft], tally: Tally) -> None:
        self.line = line
        self.drafts = drafts
        self._tally = tally

    def copies_of(self, frame: Frame) -> list[Frame]:
        """Return the remembered frames with the counter, port and payload of ``frame``, whenever they were received."""
        return [
            each
            for draft in self.drafts
            for each in draft.frames
            if each.is_like(frame.mark) and draft.shows(each, frame.f_cnt)
        ]

    def take(self, frame: Frame) -> None:
        """Take a frame that is later than all others."""
        if self._is_copy(frame):
            return
        if not self.drafts:
            join_ns = self.line.join_of_first(frame.network_ns)
            self._begin(frame, 0 if join_ns else frame.f_cnt, join_ns)
            return
        newest = self.drafts[-1]
        full = newest.full(frame.f_cnt)
        join_ns = self._join_of(frame.network_ns, newest, goes_on=full > newest.last)
        if join_ns > newest.origin.join_ns:
            self._begin(frame, 0, join_ns)
        elif full > newest.last:
            if not self.line.is_named and full - newest.last > MAX_FCNT_GAP:
                self._begin(frame, frame.f_cnt, newest.origin.join_ns, is_broken=True)
            else:
                newest.advance(full, frame)
        elif newest.is_missing_by_clock(full, frame.network_ns):
            newest.fill(full, frame, is_recent=True)
        else:
            self._begin(frame, frame.f_cnt, newest.origin.join_ns, is_broken=True)

    def place(self, frame: Frame) -> int | None:
        """Put a frame in its place by time; return how many followed it, or None: more than are remembered.

        None leaves the timeline as a ruin: take it from the account again.
        """
        followers = self.taken_back(frame)
        if followers is None:
            return None
        for each in sorted([*followers, frame]):
            self.take(each)
        return len(followers)

    def taken_back(self, frame: Frame) -> list[Frame] | None:
        """Take out all frames later than ``frame`` and return them, or None: more than are remembered."""
        followers: list[Frame] = []
        while self.drafts:
            newest = self.drafts[-1]
            undone = newest.undo_after(frame)
            if undone is not None:
                followers += undone
                break
            is_begun_anew = len(self.drafts) == 1 and newest.origin.is_broken  # what came before it is closed
            if is_begun_anew or not newest.is_within_window:
                return None
            followers += newest.undo_all()
            self.drafts.pop()
        return [each.flagged(each.mark & (EMPTY | UNDECODABLE)) for each in followers]

    def _is_copy(self, frame: Frame) -> bool:
        """Take the frame as a copy, if one like it was received within the time of retransmissions."""
        for draft in reversed(self.drafts):
            if draft.last_ns < frame.network_ns - RETRANSMISSION_NS:
                continue
            for each in reversed(draft.frames):
                is_same = each.is_like(frame.mark) and not each.is_copy and draft.shows(each, frame.f_cnt)
                if is_same and frame.network_ns - each.network_ns <= RETRANSMISSION_NS:
                    draft.copy(frame.flagged(COPY | each.mark & (EMPTY | UNDECODABLE)), each)
                    return True
        return False

    def _join_of(self, network_ns: int, newest: Draft, *, goes_on: bool) -> int:
        """Return the join that a frame belongs to.

        One from shortly before a join may be the first of the new session, by another clock, unless it goes on where
        the old one stood.
        """
        if self.line.is_named:
            return newest.origin.join_ns
        running, coming = self.line.join_at(network_ns), self.line.join_at(network_ns + CLOCK_NS)
        if running == coming or (goes_on and newest.origin.join_ns == running):
            return running
        return coming

    def _begin(self, frame: Frame, first: int, join_ns: int, *, is_broken: bool = False) -> None:
        line = self.line
        origin = Segment(
            line.name,
            frame.f_cnt,
            frame.f_cnt,
            0,
            frame.network_ns,
            frame.network_ns,
            frame.network_ns,
            join_ns,
            is_broken,
            dev_addr=line.dev_addr,
        )
        self.drafts.append(begun(origin, frame, first, self._tally))
