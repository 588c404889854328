"""The settings file of the repository: without a mistake, and every key in it is real and stands at its default."""

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import NODEFAULT
from msgspec.structs import fields

from stadtfunk.cli import main
from stadtfunk.settings import CodecSettings, Settings, read_settings
from stadtfunk.settings.model import MqttSourceSettings, SimulatedCitySourceSettings
from tests.architecture.checkout import ROOT

FILE = ROOT / "stadtfunk.toml"
_COMMENTED = re.compile(r"# (\[|[a-z_0-9]+ = )")
"""A line that somebody would make count by removing its first two characters."""
_OF_ITS_AUTHOR = {"name", "host", "topics", "username", "password_file", "device_type", "application_id", "device_id"}
"""Keys that are examples; all others show their default."""


def whole_file() -> dict[str, Any]:
    """Return the file with all that is commented out in force."""
    lines = FILE.read_text().splitlines()
    return tomllib.loads("\n".join(line[2:] if _COMMENTED.match(line) else line for line in lines))


def test_with_a_key_file_it_has_no_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ttn-api-key.txt").write_text("NNSXS.not-a-key")
    monkeypatch.chdir(tmp_path)
    assert main(["config", "check", "--config", str(FILE)]) == 0
    assert capsys.readouterr().out == f"{FILE}: no mistakes; sources: ttn (mqtt)\n"


def test_without_its_key_file_it_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["config", "check", "--config", str(FILE)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_with_all_its_comments_in_force_it_has_no_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ttn-api-key.txt").write_text("NNSXS.not-a-key")
    monkeypatch.chdir(tmp_path)
    lines = FILE.read_text().splitlines()
    file = tmp_path / "whole.toml"
    file.write_text("\n".join(line[2:] if _COMMENTED.match(line) else line for line in lines))
    settings = read_settings(file, {})
    assert [source.name for source in settings.sources] == ["ttn", "city"]
    assert len(settings.device_types) == 1


@pytest.mark.parametrize("table", ["data", "grpc", "log", "telemetry", "rights", "process", "kafka", "cassandra"])
def test_every_key_of_a_table_stands_there_with_its_default(table: str) -> None:
    assert whole_file()[table] == msgspec.to_builtins(getattr(Settings(), table))


@pytest.mark.parametrize("index, kind", [(0, MqttSourceSettings), (1, SimulatedCitySourceSettings)])
def test_every_key_of_a_source_that_is_no_example_stands_at_its_default(
    index: int, kind: type[MqttSourceSettings] | type[SimulatedCitySourceSettings]
) -> None:
    source = whole_file()["sources"][index]
    plain = {each.name: each.default for each in fields(kind) if each.default is not NODEFAULT}
    made = {each.name: each.default_factory() for each in fields(kind) if each.default_factory is not NODEFAULT}
    defaults = {**plain, **made}
    shown = {key: value for key, value in source.items() if key not in _OF_ITS_AUTHOR}
    assert shown == {key: defaults[key] for key in shown}


def test_every_key_of_a_broker_is_shown() -> None:
    assert set(whole_file()["sources"][0]) == {each.name for each in fields(MqttSourceSettings)}


def test_every_key_of_a_codec_is_shown_and_stands_at_its_default() -> None:
    [codec] = whole_file()["codecs"]
    defaults = msgspec.to_builtins(CodecSettings("acme_door", "acme-door.js", "acme-door.toml"))
    assert codec == defaults
