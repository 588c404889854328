"""A parking sensor: says when a car came or went, and otherwise that it lives.

A real one is silent for hours and sends a heartbeat a day; the city's is asked at every turn, so most of what it says
are heartbeats.
"""

from zlib import crc32

from adapters.simulated_city.climate import outdoor_temperature
from adapters.simulated_city.day_curve import KERB
from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.encoders import bosch_tps110 as tps110
from adapters.simulated_city.frame import Frame, Meaning

_NS = 1_000_000_000
_SHORTEST_S, _SPREAD_S = 420, 5_400
"""A spot keeps its state for 7 to 97 minutes, by its place in the city."""
_PERCENT = 100 * 60
"""Of the curve's weights."""
_DEBUG_CODES = (804, 0, 0)


def parking_frame(device: CityDevice, network_ns: int, opens: bool) -> Frame:  # noqa: ARG001, FBT001  the Habit's shape
    """Return what the sensor sends at ``network_ns``."""
    seconds = network_ns // _NS
    before = device.occupied
    occupied = device.occupied = _occupied(device, seconds)
    meaning: Meaning = ("parking.occupied", "", network_ns, occupied, 0)
    if device.f_cnt == 0:
        payload = tps110.startup(_DEBUG_CODES, tps110.SYSTEM_REQUEST, occupied=occupied)
        return Frame(
            tps110.STARTUP_PORT, payload, (meaning, ("device.lifecycle", "", network_ns, "startup:system_request", 0))
        )
    if occupied is not before:
        return Frame(tps110.STATUS_PORT, tps110.status(occupied=occupied), (meaning,))
    temperature = outdoor_temperature(seconds) + (device.traits >> 4) % 5
    payload = tps110.heartbeat(temperature, occupied=occupied)
    return Frame(
        tps110.HEARTBEAT_PORT, payload, (meaning, ("device.temperature", "", network_ns, float(temperature), 0))
    )


def _occupied(device: CityDevice, seconds: int) -> bool:
    """Return whether a car stands there: by chance anew in every period, as likely as the curve of the day says."""
    period = _SHORTEST_S + device.traits % _SPREAD_S
    turn = seconds // period
    chance = crc32(b"%d %d" % (device.traits, turn)) % _PERCENT
    return chance < KERB.at(turn * period)
