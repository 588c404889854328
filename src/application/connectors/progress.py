"""How a connector is doing: noted by itself in passing, a few assignments a batch, and read by its reporter."""

from application.ports.clock import Clock
from application.ports.connector_reports import ConnectorState
from application.stage_counts import StageCounts

_LONGEST_ERROR = 500
"""Characters of an error that are reported; the whole stands in the log."""


class Progress:
    """Times are µs since 1970-01-01 UTC; 0: never."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.counts = StageCounts()
        self.state: ConnectorState = "UNASSIGNED"
        self.state_since_us = clock.now_us()
        self.last_event_us = 0
        self.successes = 0
        self.last_success_us = 0
        self.last_error = ""
        self.last_error_us = 0
        self.lag = 0
        self.waiting_since_us = 0

    def enter(self, state: ConnectorState) -> None:
        """Come into ``state``, or stay in it."""
        if state != self.state:
            self.state = state
            self.state_since_us = self._clock.now_us()

    def succeeded(self, event_us: int = 0) -> None:
        """Note that a batch is done; ``event_us`` is the time of the newest event in it, 0 where there was none."""
        self.successes += 1
        self.last_success_us = self._clock.now_us()
        self.last_event_us = max(self.last_event_us, event_us)

    def failed(self, error: BaseException) -> None:
        """Note what went wrong; the state is told apart from it."""
        self.last_error = (str(error) or type(error).__name__)[:_LONGEST_ERROR]
        self.last_error_us = self._clock.now_us()

    def note_lag(self, lag: int) -> None:
        """Note how much waits now."""
        self.lag = lag
        if not lag:
            self.waiting_since_us = 0
        elif not self.waiting_since_us:
            self.waiting_since_us = self._clock.now_us()
