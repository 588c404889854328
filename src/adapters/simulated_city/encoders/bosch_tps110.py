"""Bosch TPS110: a parking sensor in the ground.

Source: bosch/tps110 0.29.2 in the LoRaWAN Device Repository; Bosch, "Parking Lot Sensor, Communication Interface",
0.29.4: one port for each kind of message.
"""

from struct import Struct as Layout

STATUS_PORT = 1
HEARTBEAT_PORT = 2
STARTUP_PORT = 3

_HEARTBEAT = Layout("<Bb")
_STARTUP = Layout("<III4BB")
_FIRMWARE = (0, 29, 2)
SYSTEM_REQUEST = 3
"""Reset cause."""


def status(*, occupied: bool) -> bytes:
    """Return what the sensor says when a car came or went."""
    return b"\x01" if occupied else b"\x00"


def heartbeat(temperature: int, *, occupied: bool) -> bytes:
    """Return what it says to show that it lives; °C."""
    return _HEARTBEAT.pack(occupied, temperature)


def startup(debug_codes: tuple[int, int, int], reset_cause: int, *, occupied: bool) -> bytes:
    """Return what it says when it starts."""
    return _STARTUP.pack(*debug_codes, *_FIRMWARE, reset_cause, occupied)
