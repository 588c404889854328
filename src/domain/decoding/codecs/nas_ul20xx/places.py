"""Places in a packet: latitude and longitude, or nothing that can be one."""

from domain.decoding.codec import Notice
from domain.observation import Position, Reading, position

_TURN = 360 * 10**7
"""Beyond a whole turn it is no angle that somebody wrote wrongly, but other bytes."""


def placed(
    latitude: int, longitude: int, source: str, accuracy_m: float | None = None
) -> tuple[list[Reading], list[Notice]]:
    """Return the position (degrees · 10^7) as a reading, or the notice why it is none: 0/0 is where nobody was."""
    if not (latitude or longitude) or abs(latitude) > _TURN or abs(longitude) > _TURN:
        return [], [Notice("position_implausible", f"{latitude}e-7 {longitude}e-7")]
    return [position("", Position(latitude, longitude, source, accuracy_m=accuracy_m))], []
