"""A message of a frame, on its way to the observer."""

from msgspec import Struct

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.frame import Frame
from adapters.simulated_city.network_servers import NetworkServer
from adapters.simulated_city.network_servers.network_server import Message
from adapters.simulated_city.truth import SessionTruth


class Carried(Struct, frozen=True):
    """With what was so when the frame was sent; its device may have moved on."""

    device: CityDevice
    server: NetworkServer
    session: SessionTruth
    f_cnt: int
    frame: Frame
    network_ns: int
    message: Message
    repeat: bool = False
    logged: bool = False
    """It is a line of the server's log about the frame."""

    @property
    def is_late(self) -> bool:
        """Whether a later frame was heard of what the observer takes for one session."""
        return any(
            each.heard_ns > self.network_ns
            for each in self.device.sessions
            if each.source == self.session.source
            and (not self.server.names_sessions or each.session == self.session.session)
        )
