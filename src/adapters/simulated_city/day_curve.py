"""Curves of a day: how a city draws power and water and parks its cars, hour by hour.

A register is the integral of its curve since the meter was installed. So it never goes backwards, whatever the
city's time does, and a city started again goes on where it would have been.
"""

from collections.abc import Sequence

INSTALLED_S = 1_577_836_800
"""2020-01-01 UTC: when every meter of the city stood at its first value."""
_ZONE_S = 3_600
"""Central European standard time, all year."""
_DAY_S = 86_400
_MINUTE_S = 60
_MINUTES = _DAY_S // _MINUTE_S
_MINUTES_AN_HOUR = 60


class DayCurve:
    """Weights of the hours of a day, joined by straight lines and kept per minute as integers."""

    def __init__(self, hours: Sequence[int]) -> None:
        self._weights = [_weight(hours, minute) for minute in range(_MINUTES)]
        self._before = [0]
        for weight in self._weights:
            self._before.append(self._before[-1] + weight * _MINUTE_S)
        self.highest = max(self._weights)
        """The weight of the fullest minute."""
        self.of_a_day = self._before[-1]
        """The integral over a whole day."""

    def since_installation(self, seconds: int) -> int:
        """Return the integral from the installation to ``seconds`` (since 1970-01-01 UTC); exact, never falling."""
        day, second = divmod(seconds + _ZONE_S - INSTALLED_S, _DAY_S)
        minute, rest = divmod(second, _MINUTE_S)
        return day * self.of_a_day + self._before[minute] + self._weights[minute] * rest

    def at(self, seconds: int) -> int:
        """Return the weight at ``seconds`` (since 1970-01-01 UTC); hours' weights times 60."""
        return self._weights[(seconds + _ZONE_S) % _DAY_S // _MINUTE_S]


def _weight(hours: Sequence[int], minute: int) -> int:
    hour, rest = divmod(minute, _MINUTES_AN_HOUR)
    following = hours[(hour + 1) % len(hours)]
    return hours[hour] * (_MINUTES_AN_HOUR - rest) + following * rest


class Tariffs:
    """The hours of a day, split between a high (1) and a low (2) tariff."""

    def __init__(self, curve: DayCurve, high_from_hour: int, high_until_hour: int) -> None:
        self._curve = curve
        start = INSTALLED_S - _ZONE_S
        self._from = curve.since_installation(start + high_from_hour * 3_600)
        self._until = curve.since_installation(start + high_until_hour * 3_600)
        self.high_of_a_day = self._until - self._from

    def high_since_installation(self, seconds: int) -> int:
        """Return what of the integral to ``seconds`` (since 1970-01-01 UTC) fell into the high tariff."""
        days, rest = divmod(self._curve.since_installation(seconds), self._curve.of_a_day)
        return days * self.high_of_a_day + min(max(rest - self._from, 0), self.high_of_a_day)

    def low_since_installation(self, seconds: int) -> int:
        """Return the rest of it."""
        return self._curve.since_installation(seconds) - self.high_since_installation(seconds)


HOUSEHOLD = DayCurve(
    (30, 25, 22, 21, 22, 28, 50, 75, 80, 75, 72, 78, 90, 85, 72, 68, 72, 88, 110, 120, 112, 95, 70, 45)
)
"""Electricity of households: a hill at noon and a higher one in the evening."""
SUN = DayCurve((0, 0, 0, 0, 0, 0, 2, 10, 28, 52, 75, 92, 100, 96, 84, 64, 40, 18, 5, 0, 0, 0, 0, 0))
"""What roofs give back."""
TAPS = DayCurve((8, 5, 4, 4, 8, 30, 85, 100, 80, 60, 55, 55, 60, 55, 45, 42, 45, 60, 80, 85, 70, 55, 35, 18))
"""Water: up early."""
NIGHT = DayCurve((80, 60, 50, 50, 60, 80, 100, 50, 0, 0, 0, 0, 0, 0, 0, 0, 20, 100, 100, 100, 100, 100, 100, 90))
"""Street lamps: bright in the evening, dimmed when nobody walks."""
KERB = DayCurve((55, 54, 53, 53, 53, 52, 50, 55, 70, 82, 88, 90, 92, 90, 88, 86, 88, 90, 85, 78, 72, 66, 60, 57))
"""Percent of parking spots taken."""
HIGH_TARIFF = Tariffs(HOUSEHOLD, 6, 22)
"""6 to 22 o'clock."""
