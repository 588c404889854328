"""Registers are integrals of the curve of a day: exact, never falling, the same whenever one asks."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.simulated_city.day_curve import HIGH_TARIFF, HOUSEHOLD, INSTALLED_S, KERB, SUN, TAPS

INSTANTS = st.integers(INSTALLED_S, INSTALLED_S + 50 * 366 * 86_400)
NOON_S = 1_767_265_200
"""2026-01-01 12:00 in Ulm."""


@given(INSTANTS, st.integers(0, 10**7))
def test_an_integral_never_falls(seconds: int, later: int) -> None:
    for curve in (HOUSEHOLD, SUN, TAPS):
        assert curve.since_installation(seconds) <= curve.since_installation(seconds + later)


@given(INSTANTS)
def test_a_day_adds_the_same_whenever_it_begins(seconds: int) -> None:
    for curve in (HOUSEHOLD, SUN, TAPS):
        grown = curve.since_installation(seconds + 86_400) - curve.since_installation(seconds)
        assert grown == curve.of_a_day


@given(INSTANTS, st.integers(0, 100_000))
def test_neither_tariff_falls_and_both_together_are_the_whole(seconds: int, later: int) -> None:
    high, low = HIGH_TARIFF.high_since_installation, HIGH_TARIFF.low_since_installation
    assert 0 <= high(seconds) <= high(seconds + later)
    assert 0 <= low(seconds) <= low(seconds + later)
    assert high(seconds) + low(seconds) == HOUSEHOLD.since_installation(seconds)


@given(INSTANTS)
def test_an_integral_is_the_sum_of_its_curve(seconds: int) -> None:
    assert HOUSEHOLD.since_installation(seconds + 1) - HOUSEHOLD.since_installation(seconds) == HOUSEHOLD.at(seconds)


def test_the_sun_shines_at_noon_and_not_at_midnight() -> None:
    assert SUN.at(NOON_S) > 0
    assert SUN.at(NOON_S + 12 * 3_600) == 0


def test_more_spots_are_taken_at_noon_than_at_night() -> None:
    assert KERB.at(NOON_S) > KERB.at(NOON_S - 10 * 3_600)
