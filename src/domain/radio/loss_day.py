"""The loss ledger: for each device, day and source what was expected, what came, and who lost the rest.

Two balances hold in every row (the ledger's definition, rule 7):

    expected = received + radio + network + ingest
    received = stored + empty + undecodable + failed

Late and recovered are parts of received; duplicate and redelivered stand outside; so do frames that only a network
server's log knows. A missing frame belongs to the day of the next higher received counter, a received one to its own.
"""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct

from domain.identifiers import DevEui
from domain.radio.runs import unpacked

_S = 1_000_000_000


class Gap(NamedTuple):
    """Consecutive frames that are missing."""

    since_ns: int
    """Network time of the frame before them (or of the join), to the second."""
    until_ns: int
    """Network time of the frame after them, to the second."""
    missing: int


class LossDay(Struct, frozen=True, gc=False, omit_defaults=True):
    """The frames of one device at one source on one day."""

    dev_eui: DevEui
    day: int
    """Days since 1970-01-01, in the city's zone."""
    source: str
    written_us: int
    """Write time; the later row wins."""
    received: int = 0
    radio: int = 0
    """Missing, and presumed to be lost on the air."""
    network: int = 0
    """Missing, during a recorded outage of the network server or its gateways."""
    ingest: int = 0
    """Missing by our fault: during a recorded outage of ours, or delivered in a shape that nobody could read."""
    empty: int = 0
    """Of the received: nothing for the application (MAC commands, acknowledgements)."""
    undecodable: int = 0
    """Of the received: payload unread; the dead letters say why."""
    failed: int = 0
    """Of the received: read, and its readings found no way into the store."""
    recovered: int = 0
    """Of the received: they filled a gap that had been booked as missing, ten minutes of network time and more ago, or
    only the network server's store of messages had them. So many frames we had lost, and not the radio."""
    late: int = 0
    """Of the received: came after a later one."""
    duplicate: int = 0
    redelivered: int = 0
    breaks: int = 0
    """Starts of the counter that no activation announced."""
    sessions: int = 0
    server_only: int = 0
    """Known only from the network server's log, which dropped them; no gap."""
    is_doubtful: bool = False
    """Something came that only a recount of the raw log can account for."""
    runs: bytes = b""
    """The missing frames in their places, by time, as far as they are remembered; see ``gaps``."""

    @property
    def gaps(self) -> list[Gap]:
        """The missing frames in their places, by time."""
        return [Gap(run.since_s * _S, run.until_s * _S, run.missing) for run in unpacked(self.runs)]

    @property
    def missing(self) -> int:
        """Frames that were never received."""
        return self.radio + self.network + self.ingest

    @property
    def expected(self) -> int:
        """Frames that the device sent, as far as its counter tells."""
        return self.received + self.missing

    @property
    def stored(self) -> int:
        """Of the received: read, and its readings stored."""
        return self.received - self.empty - self.undecodable - self.failed

    @property
    def loss_ratio(self) -> float:
        """Missing of expected (rule 9); 0.0 where nothing was expected."""
        return self.missing / self.expected if self.expected else 0.0


def summed(days: Iterable[LossDay]) -> LossDay:
    """Return the sums of ``days``; device, day and source are those that they all have in common, else nothing."""
    rows = list(days)
    total = {field: sum(getattr(row, field) for row in rows) for field in _SUMMED}
    return LossDay(
        DevEui(_common([row.dev_eui for row in rows])),
        int(_common([str(row.day) for row in rows]) or 0),
        _common([row.source for row in rows]),
        max((row.written_us for row in rows), default=0),
        **total,
        is_doubtful=any(row.is_doubtful for row in rows),
    )


_SUMMED = LossDay.__struct_fields__[4:-2]


def _common(values: list[str]) -> str:
    return values[0] if len(set(values)) == 1 else ""
