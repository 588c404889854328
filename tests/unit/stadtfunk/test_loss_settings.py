"""``[losses]``: the city's days, and recorded outages."""

from pathlib import Path

import pytest

from domain.radio import Outage
from stadtfunk.adapter_settings import mistakes_of
from stadtfunk.loss_settings import loss_ledger, loss_mistakes
from stadtfunk.settings import LossSettings, OutageSettings, Settings, SettingsInvalid, read_settings
from tests.support.builders import NOON_NS, NS


def settings(*outages: OutageSettings, time_zone: str = "Europe/Berlin") -> Settings:
    """Return settings with such ``[losses]``."""
    return Settings(losses=LossSettings(time_zone, outages))


def test_days_begin_at_midnight_where_people_live() -> None:
    calendar = loss_ledger(settings()).calendar
    assert calendar.day(NOON_NS + 11 * 3_600 * NS - 1) == calendar.day(NOON_NS)
    assert calendar.day(NOON_NS + 11 * 3_600 * NS) == calendar.day(NOON_NS) + 1


def test_outages_are_read_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "stadtfunk.toml"
    file.write_text(
        """[[losses.outages]]
source = "swu"
since = "2026-01-01T12:00:00Z"
until = "2026-01-01T14:00:00+01:00"
cause = "network"
"""
    )
    read = read_settings(file, {}, mistakes_of=mistakes_of)
    ledger = loss_ledger(read)
    assert list(ledger._outages) == [Outage("swu", NOON_NS, NOON_NS + 3_600 * NS, "network")]


@pytest.mark.parametrize(
    "wrong, said",
    [
        (settings(time_zone="Europe/Ulm"), "losses.time_zone: 'Europe/Ulm' is no time zone"),
        (settings(OutageSettings("swu", "yesterday", "2026-01-01T12:00:00Z")), "losses.outages[0]: 'yesterday'"),
        (settings(OutageSettings("swu", "2026-01-01T12:00:00Z", "2026-01-01T12:00:00Z")), "is not after since"),
    ],
)
def test_a_mistake_is_named(wrong: Settings, said: str) -> None:
    (mistake,) = loss_mistakes(wrong)
    assert said in mistake


def test_a_mistake_ends_the_start(tmp_path: Path) -> None:
    file = tmp_path / "stadtfunk.toml"
    file.write_text('[losses]\ntime_zone = "Europe/Ulm"\n')
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(file, {}, mistakes_of=mistakes_of)
    assert any("Europe/Ulm" in mistake for mistake in refused.value.mistakes)
