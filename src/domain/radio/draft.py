"""A segment in the making: frames are put into it and taken out again, and every change is counted."""

from domain.radio.day_calendar import seconds
from domain.radio.recent_frames import COPY, Frame, frames_of, remembered
from domain.radio.roll_over import shown, unrolled
from domain.radio.runs import MOST_RUNS, Run, index_of, packed, split, unpacked
from domain.radio.segment import Segment
from domain.radio.sessions import CLOCK_S
from domain.radio.tally import Tally


class Draft:
    """Of ``segment``, or of what began with a first frame (``begun``)."""

    __slots__ = (
        "_tally",
        "first",
        "frames",
        "is_short",
        "last",
        "last_ns",
        "origin",
        "received",
        "runs",
        "settled",
        "start_ns",
        "top_ns",
    )

    def __init__(self, origin: Segment, tally: Tally) -> None:
        self.origin = origin
        """Holds what does not change: its session, its join, and whether it is broken."""
        self.first, self.last, self.received = origin.first, origin.last, origin.received
        self.start_ns, self.last_ns, self.top_ns = origin.start_ns, origin.last_ns, origin.top_ns
        self.is_short, self.settled = origin.is_short, origin.settled
        self.runs: list[Run] = unpacked(origin.missing_runs)
        self.frames: list[Frame] = frames_of(origin.recent)
        self._tally = tally

    @property
    def is_within_window(self) -> bool:
        """Whether all its frames are remembered, so that it can be built anew."""
        return self.settled < 0 and self.received == sum(not frame.is_copy for frame in self.frames)

    def segment(self) -> Segment:
        """Return it as it is kept."""
        runs, settled = self.runs, self.settled
        if len(runs) > MOST_RUNS:
            settled = runs[-MOST_RUNS - 1].last
            runs = runs[-MOST_RUNS:]
        return Segment(
            self.origin.session,
            self.first,
            self.last,
            self.received,
            self.start_ns,
            self.last_ns,
            self.top_ns,
            self.origin.join_ns,
            self.origin.is_broken,
            self.is_short,
            packed(runs),
            remembered(self.frames),
            settled,
            self.origin.dev_addr,
        )

    def full(self, f_cnt: int) -> int:
        """Return the counter that a server shows, in full."""
        return unrolled(self.last, f_cnt, is_short=self.is_short)

    def shows(self, frame: Frame, f_cnt: int) -> bool:
        """Say whether a remembered frame was shown with the counter ``f_cnt``."""
        return frame.f_cnt == f_cnt or (self.is_short and shown(frame.f_cnt, is_short=True) == f_cnt)

    def is_missing_at(self, full: int, network_ns: int) -> bool:
        """Say whether a counter was not heard, and its neighbours were before and after ``network_ns``."""
        index, second = index_of(self.runs, full), seconds(network_ns)
        return index >= 0 and self.runs[index].since_s - CLOCK_S <= second <= self.runs[index].until_s + CLOCK_S

    def is_missing_by_clock(self, full: int, network_ns: int) -> bool:
        """Say whether it was not heard, and the next higher one was stamped earlier only by another clock."""
        index = index_of(self.runs, full)
        return index >= 0 and seconds(network_ns) <= self.runs[index].until_s + CLOCK_S

    def advance(self, full: int, frame: Frame) -> None:
        """Take a frame beyond the last one; the counters between are missing."""
        second = seconds(frame.network_ns)
        if full > self.last + 1:
            self.lose(Run(self.last + 1, full - 1, min(seconds(self.top_ns), second), second), len(self.runs))
        self.is_short = self.is_short or full != frame.f_cnt
        self.last, self.top_ns, self.last_ns = full, frame.network_ns, max(self.last_ns, frame.network_ns)
        self.receive(full, frame)

    def fill(self, full: int, frame: Frame, *, is_recent: bool) -> None:
        """Take a frame whose counter was missing."""
        index, second = index_of(self.runs, full), seconds(frame.network_ns)
        run = self.runs[index]
        left = split(run, full, second)
        self.runs[index : index + 1] = left
        self._tally.run(run, -1)
        for each in left:
            self._tally.run(each)
        self.last_ns = max(self.last_ns, frame.network_ns)
        self._start_by(frame.network_ns)
        self.receive(full, frame, is_recent=is_recent)

    def precede(self, full: int, frame: Frame) -> None:
        """Take a frame from before the first one that was heard; the counters between are missing."""
        if full + 1 < self.first:
            second = seconds(self.start_ns)
            self.lose(Run(full + 1, self.first - 1, min(seconds(frame.network_ns), second), second), 0)
        self.first = full
        self._start_by(frame.network_ns)
        self.receive(full, frame, is_recent=False)

    def claim_from_zero(self, join_ns: int) -> None:
        """Claim its unheard start: its activation came to be known."""
        origin = self.origin
        self.origin = Segment(origin.session, 0, 0, 0, 0, 0, 0, join_ns, dev_addr=origin.dev_addr)
        if self.first > 0:
            second = seconds(self.start_ns)
            self.lose(Run(0, self.first - 1, min(seconds(join_ns), second), second), 0)
            self.first = 0

    def copy(self, frame: Frame, original: Frame) -> None:
        """Take a copy of a frame that was received before it."""
        full = original.f_cnt
        copied = Frame(frame.network_ns, full, frame.mark | COPY)
        self.frames.append(copied)
        self.last_ns = max(self.last_ns, frame.network_ns)
        self._tally.frame(copied.network_ns, copied.mark)

    def start_counted(self, number: int = 1) -> None:
        """Count its start (or, with -1, no longer)."""
        self._tally.start(self.start_ns, is_broken=self.origin.is_broken, number=number)

    def undo_all(self) -> list[Frame]:
        """Take all frames out of a segment that lies within its window; return them as they were shown."""
        self.start_counted(-1)
        for run in self.runs:
            self._tally.run(run, -1)
        return self._taken_out(0)

    def undo_after(self, frame: Frame) -> list[Frame] | None:
        """Take out all frames later than ``frame``; return them as they were shown. None: more than is remembered."""
        cut = sum(each <= frame for each in self.frames)
        while cut > 0:
            removed = {each.f_cnt for each in self.frames[cut:] if not each.is_copy}
            last = self._last_without(removed)
            if all(f_cnt > last for f_cnt in removed):
                return self._back_to(last, cut)
            cut -= 1
        return None

    def _start_by(self, network_ns: int) -> None:
        """Let it begin by ``network_ns`` at the latest."""
        if network_ns < self.start_ns:
            self.start_counted(-1)
            self.start_ns = network_ns
            self.start_counted()

    def _back_to(self, last: int, cut: int) -> list[Frame]:
        while self.runs and self.runs[-1].first > last:
            self._tally.run(self.runs.pop(), -1)
        shown_frames = self._taken_out(cut)
        newest = self.frames[-1].network_ns
        self.received -= sum(not frame.is_copy for frame in shown_frames)
        self.last, self.last_ns = last, newest
        self.top_ns = next((each.network_ns for each in self.frames if each.f_cnt == last and not each.is_copy), newest)
        self.is_short = self.is_short and last != shown(last, is_short=True)
        return shown_frames

    def _taken_out(self, cut: int) -> list[Frame]:
        taken = self.frames[cut:]
        del self.frames[cut:]
        for each in taken:
            self._tally.frame(each.network_ns, each.mark, -1)
        return [Frame(each.network_ns, shown(each.f_cnt, is_short=self.is_short), each.mark) for each in taken]

    def _last_without(self, removed: set[int]) -> int:
        """Return the highest counter that was received, were ``removed`` not."""
        last, runs = self.last, self.runs[:]
        while True:
            if last in removed:
                last -= 1
            elif runs and runs[-1].first <= last <= runs[-1].last:
                last = runs.pop().first - 1
            else:
                return last

    def receive(self, full: int, frame: Frame, *, is_recent: bool = True) -> None:
        """Count a frame as received."""
        self.received += 1
        if is_recent:
            self.frames.append(Frame(frame.network_ns, full, frame.mark))
        self._tally.frame(frame.network_ns, frame.mark)

    def lose(self, run: Run, index: int) -> None:
        """Count a run as missing; ``index``: its place among the others."""
        self.runs.insert(index, run)
        self._tally.run(run)


def begun(origin: Segment, frame: Frame, first: int, tally: Tally) -> Draft:
    """Return a segment that begins with ``frame`` and claims all from ``first`` on; ``origin`` has received none."""
    draft = Draft(origin, tally)
    if first < frame.f_cnt:
        second = seconds(frame.network_ns)
        draft.lose(Run(first, frame.f_cnt - 1, min(seconds(origin.join_ns), second), second), 0)
        draft.first = first
    draft.receive(frame.f_cnt, frame)
    draft.start_counted()
    return draft
