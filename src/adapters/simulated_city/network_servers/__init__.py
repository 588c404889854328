"""The network servers that a city may speak through: each writes its own messages."""

from collections.abc import Callable, Mapping

from adapters.simulated_city.network_servers.chirpstack import ChirpStack
from adapters.simulated_city.network_servers.network_server import NetworkServer
from adapters.simulated_city.network_servers.things_network_v2 import ThingsNetworkV2
from adapters.simulated_city.network_servers.things_stack import ThingsStack

NETWORK_SERVERS: Mapping[str, Callable[[str], NetworkServer]] = {
    "tts": ThingsStack,
    "chirpstack": ChirpStack,
    "ttn-v2": ThingsNetworkV2,
}
"""By the name that the settings of a source have for it; made with the tenant."""


def spoken_on(topic: str) -> str:
    """Return which of them publishes on ``topic``."""
    return "tts" if topic.startswith("v3/") else "chirpstack" if topic.startswith("application/") else "ttn-v2"


def source_name(city: str, network_server: str) -> str:
    """Return the source that a network server of a city is: The Things Stack has the city's own name."""
    return city if network_server == "tts" else f"{city}-{network_server}"


__all__ = ["NETWORK_SERVERS", "NetworkServer", "source_name", "spoken_on"]
