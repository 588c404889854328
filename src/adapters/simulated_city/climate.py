"""How warm it is in the city: a year and a day, without weather."""

from math import cos, tau

from adapters.simulated_city.day_curve import INSTALLED_S

_DAY_S = 86_400
_YEAR_S = 365.25 * _DAY_S
_COLDEST_DAY_S = 15 * _DAY_S
"""Mid January."""
_COLDEST_HOUR_S = 4 * 3_600


def outdoor_temperature(seconds: int) -> int:
    """Return whole °C at ``seconds`` (since 1970-01-01 UTC)."""
    since = seconds - INSTALLED_S
    year = cos(tau * (since - _COLDEST_DAY_S) / _YEAR_S)
    day = cos(tau * (since - _COLDEST_HOUR_S) / _DAY_S)
    return round(9.5 - 9.5 * year - 4 * day)
