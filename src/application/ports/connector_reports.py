"""What connectors say of themselves, again and again, to whoever asks: state, progress, heartbeat."""

from collections.abc import Sequence
from typing import Literal, Protocol

from msgspec import Struct

ConnectorState = Literal["UNASSIGNED", "RUNNING", "PAUSED", "STOPPED", "FAILED", "RESTARTING"]
"""The words of Kafka Connect (``org.apache.kafka.connect.runtime.AbstractStatus.State``; KIP-745, KIP-875).

``UNASSIGNED``: nobody ever ran it. ``RESTARTING``: it is being opened, or its connection is being made again.
``PAUSED``: its settings say so. ``STOPPED``: it was told to end, or came to its end. ``FAILED``: it met what it cannot
mend, and its process ended with it.
"""


class ConnectorReport(Struct, frozen=True, omit_defaults=True):
    """One connector in one process, at one moment."""

    name: str
    kind: str
    state: ConnectorState
    state_since_us: int
    """When it came into this state, µs since 1970-01-01 UTC, as all times here."""
    reported_us: int
    """When this was said: the heartbeat."""
    next_by_us: int
    """When the next report must be there, or its process is dead or frozen; 0: none will come."""
    instance: str = ""
    """Which of several processes that run it; empty where there is one."""
    host: str = ""
    pid: int = 0
    last_event_us: int = 0
    """Time of the newest event it handled: receipt of an uplink, event time of a reading, change of a row; 0: none."""
    last_success_us: int = 0
    """When it last did its work to the end: stored and acknowledged, or looked and found nothing new; 0: never."""
    last_error: str = ""
    last_error_us: int = 0
    lag: int = 0
    """What waits: messages received, records of its topics, rows or files."""
    waiting_since_us: int = 0
    """Since when there has always been something waiting; 0: nothing waits."""
    came_in: int = 0
    """Since its process started, as all counts here; they balance by the conservation law."""
    out: int = 0
    dead: int = 0
    redelivered: int = 0
    ignored: int = 0
    canary_every_us: int = 0
    """How often a canary is sent; 0: it has none."""
    canary_sent_us: int = 0
    """When the last one was sent."""
    canary_back_us: int = 0
    """When the last one came back."""
    canary_due_us: int = 0
    """When the one that is under way must be back; 0: none is."""

    @property
    def key(self) -> str:
        """Under which the newest report is kept."""
        return f"{self.name}/{self.instance}" if self.instance else self.name


class ConnectorReports(Protocol):
    """Keeps the newest report of each connector and instance. Promises: tests/contract/connector_reports.py."""

    async def publish(self, reports: Sequence[ConnectorReport]) -> None:
        """Keep ``reports``; of two under one key the later published stays.

        Raises:
            Unavailable: not all could be kept.
        """

    async def newest(self) -> Sequence[ConnectorReport]:
        """Return the newest report under each key, by name and instance.

        Raises:
            Unavailable: they cannot be read now.
        """

    async def forget(self, name: str) -> None:
        """Keep no report of ``name`` any more, of any instance; none is no error.

        Raises:
            Unavailable: that cannot be done now.
        """
