"""``[losses]``: the city's days, and recorded outages."""

from pathlib import Path

import pytest

from domain.radio import Outage
from stadtfunk.adapter_settings import mistakes_of
from stadtfunk.cli import main
from stadtfunk.loss_settings import loss_ledger, loss_mistakes
from stadtfunk.settings import (
    LossSettings,
    OutageSettings,
    Settings,
    SettingsInvalid,
    read_settings,
)
from stadtfunk.settings.outage_checks import gone_sources
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
    read = read_settings(file, {}, mistakes_of=mistakes_of)
    assert [each.source for each in read.losses.outages] == [name]
    assert gone_sources(read) == []


def test_an_outage_of_a_source_that_is_not_there_is_no_mistake_of_the_settings_alone(tmp_path: Path) -> None:
    file = tmp_path / "stadtfunk.toml"
    sources = "".join(f'[[sources]]\nname = "{name}"\nkind = "simulated_city"\n' for name in ("swu", "ulm"))
    outage = 'since = "2026-01-01T12:00:00Z"\nuntil = "2026-01-01T13:00:00Z"\n'
    file.write_text(
        f'{sources}[[losses.outages]]\nsource = "swu"\n{outage}[[losses.outages]]\nsource = "suw"\n{outage}'
    )
    read = read_settings(file, {}, mistakes_of=mistakes_of)
    assert [each.path for each in gone_sources(read)] == ["losses.outages[1].source = 'suw'"]


def test_looking_at_the_settings_warns_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "stadtfunk.toml"
    outage = 'since = "2026-01-01T12:00:00Z"\nuntil = "2026-01-01T13:00:00Z"\n'
    file.write_text(f'[[sources]]\nname = "swu"\nkind = "simulated_city"\n[[losses.outages]]\nsource = "suw"\n{outage}')
    assert main(["config", "check", "--config", str(file)]) == 0
    assert "warning: losses.outages[0].source = 'suw': none of the sources (swu)" in capsys.readouterr().out


def test_a_mistake_ends_the_start(tmp_path: Path) -> None:
    file = tmp_path / "stadtfunk.toml"
    file.write_text('[losses]\ntime_zone = "Europe/Ulm"\n')
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(file, {}, mistakes_of=mistakes_of)
    assert any("Europe/Ulm" in mistake for mistake in refused.value.mistakes)
