"""What the city asks of a network server."""

from typing import ClassVar, Protocol

from msgspec import Struct

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.frame import Frame
from adapters.simulated_city.poison import Breaking

Message = tuple[str, bytes]
"""Topic and body, as the network server publishes them."""


class Health(Struct, frozen=True):
    """What a device answers when its network server asks how it is (DevStatusAns; TS001-1.0.4, section 5.5)."""

    margin: int
    """SNR of the request, dB."""
    battery: float | None
    """%; None: it hangs on the mains."""


class NetworkServer(Protocol):
    """Writes messages; knows nothing of what is true."""

    name: ClassVar[str]
    names_sessions: ClassVar[bool]
    """A frame tells its session, by the name of its keys or by the DevAddr."""
    drops_resets: ClassVar[bool]
    """A frame that is not beyond the last one, and a repeat, is told in a log line only."""
    breaking: ClassVar[Breaking]
    """How its messages break."""

    def begin(self, device: CityDevice, dev_addr: str) -> None:
        """Prepare what all messages of the device's new session have in common."""

    def join(self, device: CityDevice, network_ns: int) -> Message:
        """Return the message that tells of the device's new session."""

    def up(self, device: CityDevice, frame: Frame, network_ns: int, chance: int, heard_by: tuple[int, ...]) -> Message:
        """Return the message of a frame with the device's present counter.

        ``chance`` (32 bits) chooses channel and signal levels; ``heard_by`` are gateways by index.
        """

    def log(self, device: CityDevice, code: str, network_ns: int) -> Message | None:
        """Return the log line about a frame with the device's present counter, where the server has a log."""

    def status(self, device: CityDevice, health: Health, network_ns: int) -> Message | None:
        """Return what the server tells of how the device is, where it asks devices."""
