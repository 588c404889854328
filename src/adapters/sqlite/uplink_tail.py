"""The newest messages of the log, kept in memory for the reader that keeps up."""

from collections.abc import Sequence

from application.ports.uplink_log import RawUplink

_MOST_BYTES = 16_000_000
"""10,000 messages: 0.4 s at 25,000 a second. Who is further behind reads the table, at 1 µs a message."""
_OVERHEAD_BYTES = 400
"""What a message costs beside its body: topic, names, the object itself."""


class UplinkTail:
    """Consecutive messages up to the end of the log; the oldest make room."""

    def __init__(self, end: int) -> None:
        self._start = end
        self._uplinks: list[RawUplink] = []
        self._bytes = 0

    def extend(self, uplinks: Sequence[RawUplink]) -> None:
        """Add what was appended to the log."""
        self._uplinks.extend(uplinks)
        self._bytes += sum([len(uplink.body) for uplink in uplinks]) + _OVERHEAD_BYTES * len(uplinks)
        surplus = 0
        while self._bytes > _MOST_BYTES:
            self._bytes -= len(self._uplinks[surplus].body) + _OVERHEAD_BYTES
            surplus += 1
        if surplus:
            del self._uplinks[:surplus]
            self._start += surplus

    def since(self, offset: int, most: int) -> list[RawUplink]:
        """Return up to ``most`` messages from ``offset`` on; none if they are no longer, or not yet, here."""
        index = offset - self._start
        return self._uplinks[index : index + most] if index >= 0 else []
