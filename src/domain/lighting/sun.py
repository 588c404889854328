"""Sunrise and sunset, to a minute or two: what astronomical clocks in cabinets go by.

Source: the sunrise equation after J. Meeus, "Astronomical Algorithms" (2nd edition, 1998, chapters 15 and 25), with the
sun's upper limb on the horizon and mean refraction: its centre at -0.833 degrees.
"""

from math import acos, asin, cos, degrees, radians, sin

_EPOCH_JD = 2_440_587.5
"""Julian date of 1970-01-01 00:00 UTC."""
_J2000_JD = 2_451_545.0
_DAY_S = 86_400
_NS_PER_S = 1_000_000_000
_HORIZON_DEG = -0.833
_OBLIQUITY_DEG = 23.4397
_PERIHELION_DEG = 102.9372
_TURN = 360.0


def sun_times(day: int, latitude_deg: float, longitude_deg: float) -> tuple[int, int] | None:
    """Return sunrise and sunset of a day in ns since 1970-01-01 UTC; None: the sun stays above or below the horizon.

    Args:
        day: days since 1970-01-01, as the calendar at the place counts them.
        latitude_deg: north positive.
        longitude_deg: east positive.
    """
    mean_noon = day + _EPOCH_JD + 0.5 - _J2000_JD - longitude_deg / _TURN
    anomaly = radians((357.5291 + 0.98560028 * mean_noon) % _TURN)
    center = 1.9148 * sin(anomaly) + 0.02 * sin(2 * anomaly) + 0.0003 * sin(3 * anomaly)
    longitude = radians((degrees(anomaly) + center + 180 + _PERIHELION_DEG) % _TURN)
    noon = mean_noon + 0.0053 * sin(anomaly) - 0.0069 * sin(2 * longitude)
    declination = asin(sin(longitude) * sin(radians(_OBLIQUITY_DEG)))
    latitude = radians(latitude_deg)
    height = sin(radians(_HORIZON_DEG)) - sin(latitude) * sin(declination)
    cosine = height / (cos(latitude) * cos(declination))
    if not -1 <= cosine <= 1:
        return None
    half_day = degrees(acos(cosine)) / _TURN
    return _instant_ns(noon - half_day), _instant_ns(noon + half_day)


def _instant_ns(days_since_2000: float) -> int:
    return round((days_since_2000 + _J2000_JD - _EPOCH_JD) * _DAY_S) * _NS_PER_S
