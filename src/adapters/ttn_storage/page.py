"""One answer of the store, as far as it came."""

from msgspec import Struct, field

from application.ports.uplink_log import RawUplink


class Page(Struct):
    """Grows while the answer comes."""

    uplinks: list[RawUplink] = field(default_factory=list)
    token: str = ""
    """Leads to the next page, where the server gives one."""
    is_ascending: bool = True
    """By the time at which the server handed them out: what follows is later than the last."""
    last_ns: int = 0
    """That time, of the last one."""

    def add(self, uplink: RawUplink, received_ns: int) -> None:
        """Add the next message."""
        self.is_ascending = self.is_ascending and received_ns > 0 and self.last_ns <= received_ns
        self.last_ns = received_ns
        self.uplinks.append(uplink)
