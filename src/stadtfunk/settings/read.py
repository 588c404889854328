"""Reading of the settings: file, then environment; every mistake is collected before anything is refused."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from stadtfunk.settings.checks import check
from stadtfunk.settings.model import Settings
from stadtfunk.settings.table import Mistakes, TableReader, subtable

_PREFIX = "STADTFUNK_"
_RESERVED = ("STADTFUNK_TEST_", "STADTFUNK_BENCH_")
"""Read by the tests and the benches, not by the product."""


class SettingsInvalid(Exception):
    """The settings cannot be used; ``mistakes`` names each one with its place, its value and the remedy."""

    def __init__(self, where: str, mistakes: list[str]) -> None:
        super().__init__(f"{where}: {len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}")
        self.where = where
        self.mistakes = mistakes


def read_settings(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """Return the settings of the file at ``path`` (None: the defaults), overridden by ``environment``.

    ``STADTFUNK_<TABLE>_<KEY>`` overrides ``key`` of ``[table]``.

    Raises:
        SettingsInvalid: with all mistakes.
    """
    where = str(path) if path is not None else "settings"
    raw = _parsed(path) if path is not None else {}
    mistakes: Mistakes = []
    _override(raw, environment, mistakes)
    settings = TableReader(mistakes).settings(raw)
    if settings is not None and not mistakes:
        check(settings, mistakes)
    if settings is None or mistakes:
        raise SettingsInvalid(where, mistakes)
    return settings


def _parsed(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsInvalid(str(path), [f"cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise SettingsInvalid(str(path), [f"is not UTF-8 text: {error}"]) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(str(path), [f"is not TOML: {error}"]) from error


def _override(raw: dict[str, object], environment: Mapping[str, str], mistakes: Mistakes) -> None:
    for variable in sorted(environment):
        if not variable.startswith(_PREFIX) or variable.startswith(_RESERVED):
            continue
        table, _, key = variable.removeprefix(_PREFIX).lower().partition("_")
        found = subtable(table)
        if found is None or key not in found:
            mistakes.append(f"environment variable {variable} names no setting: STADTFUNK_<TABLE>_<KEY> expected")
            continue
        target = raw.setdefault(table, {})
        if isinstance(target, dict):
            target[key] = _typed(environment[variable], lists=found[key] is list)


def _typed(text: str, *, lists: bool) -> object:
    """Return ``text`` as TOML would read it, and as plain text where it does not."""
    if lists:
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
