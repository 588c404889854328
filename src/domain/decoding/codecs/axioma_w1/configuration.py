"""What the meter is set to send: the heads of M-Bus records, and how its log is packed.

Source: as the package, section 4 "Configuration parameters"; the last three bytes are the compact profile of
EN 13757-3, annex F: length, spacing control, spacing value.
"""

from domain.decoding.codec import Decoded
from domain.decoding.refusals import too_short

_PROFILE_LENGTH = 3
_UNITS = ("s", "min", "h", "d")


def configuration(data: bytes) -> Decoded:
    """Return the settings as reported attributes.

    Raises:
        Undecodable: it ends before the profile.
    """
    if len(data) <= _PROFILE_LENGTH:
        raise too_short(len(data), _PROFILE_LENGTH + 1)
    records, (length, control, interval) = data[:-_PROFILE_LENGTH], data[-_PROFILE_LENGTH:]
    return Decoded(
        attributes={
            "config.payload.records": records.hex().upper(),
            "config.log.length": str(length),
            "config.log.interval": f"{interval} {_UNITS[control >> 4 & 3]}",
        }
    )
