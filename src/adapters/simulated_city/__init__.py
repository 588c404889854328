"""A city that is not there: fleets of devices whose uplinks look, and go wrong, as real ones do.

For trying out, for load, and for acceptance: it knows what it sent, so it can say what must have arrived.
"""

from adapters.simulated_city.city import SimulatedCity
from adapters.simulated_city.network_servers.network_server import Message
from adapters.simulated_city.settings import SimulatedCitySettings
from adapters.simulated_city.truth import DeviceTruth, ExpectedPoison, ExpectedReading, Incident, SessionTruth, Truth
from adapters.simulated_city.truth_file import TruthFile
from adapters.simulated_city.truth_in_memory import TruthInMemory
from adapters.simulated_city.uplink_source import SimulatedCityUplinkSource

__all__ = [
    "DeviceTruth",
    "ExpectedPoison",
    "ExpectedReading",
    "Incident",
    "Message",
    "SessionTruth",
    "SimulatedCity",
    "SimulatedCitySettings",
    "SimulatedCityUplinkSource",
    "Truth",
    "TruthFile",
    "TruthInMemory",
]
