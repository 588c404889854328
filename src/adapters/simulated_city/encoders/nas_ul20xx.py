"""NAS UL20xx: a controller on a street lamp.

Source: nasys/nas-codecs, ul20xx 1.0.x: usage and status packets, addresses; all little-endian.
"""

from struct import Struct as Layout

STATUS_PORT = 24
USAGE_PORT = 25
ALERT_PORT = 61

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
_LAMP_ERROR_OF_THE_DAY = 0x20
_DRIVER_ALERT = bytes.fromhex("8320")
_LAMP_FAILURE, _LAMP_ON = 0x02, 0x04
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


def status(
    clock_s: int, downlink_rssi: int, downlink_snr: int, temperature: int, ldr: int, *, lamp_error: bool = False
) -> bytes:
    """Return how the controller is: clock (s since 1970), dBm, dB, °C, and the light sensor's raw value.

    ``lamp_error``: within the last 24 hours the lamp drew no power.
    """
    interfaces = _METERED | (_LAMP_ERROR_OF_THE_DAY if lamp_error else 0)
    return _STATUS.pack(clock_s, 0, -downlink_rssi, downlink_snr, temperature, interfaces, ldr)


def driver_status(*, lamp_on: bool, lamp_failure: bool) -> int:
    """Return a driver's status byte (IEC 62386-102, answer to QUERY STATUS)."""
    return (_LAMP_FAILURE if lamp_failure else 0) | (_LAMP_ON if lamp_on else 0)


def driver_alert(address: int, status_byte: int) -> bytes:
    """Return what the controller says when a driver's status has changed."""
    return _DRIVER_ALERT + bytes((address, status_byte))


def profile(number: int, version: int, address: int, dim_percent: int) -> bytes:
    """Return a dimming profile in force every day, to stand behind a status."""
    return _PROFILE.pack(number, version, address, _EVERY_DAY, dim_percent)
