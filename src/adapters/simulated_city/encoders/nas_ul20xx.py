"""NAS UL20xx: a controller on a street lamp.

Source: nasys/nas-codecs, ul20xx 1.0.x: usage and status packets, addresses; all little-endian.
"""

from struct import Struct as Layout

STATUS_PORT = 24
USAGE_PORT = 25

INTERNAL = 0xFF
"""The controller's own measurement."""
BROADCAST = 0xFE
_SINGLE_SHIFT = 1
"""DALI short addresses stand one bit higher."""
_ENERGY_AND_POWER = 0x03
_WITH_ON_TIME = 0x83

_USAGE = Layout("<BBIH")
_ON_TIME = Layout("<I")
_STATUS = Layout("<IBBbbBB")
_PROFILE = Layout("<BBBBB")
_METERED = 0x02
_EVERY_DAY = 0xFF


def dali(address: int) -> int:
    """Return how the short address 0 to 63 is written."""
    return address << _SINGLE_SHIFT


def usage(address: int, energy_wh: int, power_w: int) -> bytes:
    """Return what one driver used."""
    return _USAGE.pack(address, _ENERGY_AND_POWER, energy_wh, power_w)


def usage_with_on_time(address: int, energy_wh: int, power_w: int, on_s: int) -> bytes:
    """Return what one driver used, and how long its lamp has burned."""
    return _USAGE.pack(address, _WITH_ON_TIME, energy_wh, power_w) + _ON_TIME.pack(on_s)


def status(clock_s: int, downlink_rssi: int, downlink_snr: int, temperature: int, ldr: int) -> bytes:
    """Return how the controller is: clock (s since 1970), dBm, dB, °C, and the light sensor's raw value."""
    return _STATUS.pack(clock_s, 0, -downlink_rssi, downlink_snr, temperature, _METERED, ldr)


def profile(number: int, version: int, address: int, dim_percent: int) -> bytes:
    """Return a dimming profile in force every day, to stand behind a status."""
    return _PROFILE.pack(number, version, address, _EVERY_DAY, dim_percent)
