"""``[losses]``: the city's days, and recorded outages."""

from pathlib import Path

import pytest

from domain.radio import Outage
from stadtfunk.adapter_settings import mistakes_of
from stadtfunk.loss_settings import loss_ledger, loss_mistakes
from stadtfunk.settings import (
    LossSettings,
    OutageSettings,
    Settings,
    SettingsInvalid,
    read_settings,
)
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
        """[[sources]]
name = "swu"
kind = "simulated_city"

[[losses.outages]]
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


@pytest.mark.parametrize("said, name", [("", "swu-water"), ('source = "ulm"\n', "ulm")])
def test_connectors_that_bring_uplinks_are_sources_too(tmp_path: Path, said: str, name: str) -> None:
    file = tmp_path / "stadtfunk.toml"
    connector = f"""[[connectors]]
name = "swu-water"
kind = "ttn_uplinks"
host = "eu1.cloud.thethings.network"
application = "swu-water@ttn"
{said}"""
    since_until = 'since = "2026-01-01T12:00:00Z"\nuntil = "2026-01-01T13:00:00Z"'
    file.write_text(f'{connector}\n[[losses.outages]]\nsource = "{name}"\n{since_until}\n')
    assert [each.source for each in read_settings(file, {}, mistakes_of=mistakes_of).losses.outages] == [name]


def test_an_outage_of_a_source_that_nobody_knows_is_refused_with_the_names_that_there_are(tmp_path: Path) -> None:
    file = tmp_path / "stadtfunk.toml"
    sources = "".join(f'[[sources]]\nname = "{name}"\nkind = "simulated_city"\n' for name in ("swu", "ulm"))
    outage = 'since = "2026-01-01T12:00:00Z"\nuntil = "2026-01-01T13:00:00Z"\n'
    file.write_text(f'{sources}[[losses.outages]]\nsource = "suw"\n{outage}')
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(file, {}, mistakes_of=mistakes_of)
    expected = "losses.outages[0].source = 'suw': no source has that name: one of swu, ulm expected"
    assert refused.value.mistakes == [expected]


def test_of_a_source_that_could_not_be_read_nobody_says_that_there_is_none(tmp_path: Path) -> None:
    file = tmp_path / "stadtfunk.toml"
    outage = 'since = "2026-01-01T12:00:00Z"\nuntil = "2026-01-01T13:00:00Z"\n'
    file.write_text(f'[[sources]]\nname = "swu"\nkind = "city"\n[[losses.outages]]\nsource = "swu"\n{outage}')
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(file, {}, mistakes_of=mistakes_of)
    assert not [mistake for mistake in refused.value.mistakes if mistake.startswith("losses")]


def test_a_mistake_ends_the_start(tmp_path: Path) -> None:
    file = tmp_path / "stadtfunk.toml"
    file.write_text('[losses]\ntime_zone = "Europe/Ulm"\n')
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(file, {}, mistakes_of=mistakes_of)
    assert any("Europe/Ulm" in mistake for mistake in refused.value.mistakes)
