"""Reading of the settings: file, then environment; every mistake is collected before anything is refused."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from stadtfunk.settings.checks import check
from stadtfunk.settings.connector_checks import check_connectors
from stadtfunk.settings.model import Settings
from stadtfunk.settings.table import Mistakes, TableReader, subtable

_PREFIX = "STADTFUNK_"
_RESERVED = ("STADTFUNK_TEST_", "STADTFUNK_BENCH_", "STADTFUNK_SERVICE_", "STADTFUNK_PORT")
"""Of the tests and the benches; and what Kubernetes tells every pod of a service that is named ``stadtfunk``."""


class SettingsInvalid(Exception):
    """The settings cannot be used; ``mistakes`` names each one with its place, its value and the remedy."""

    def __init__(self, where: str, mistakes: list[str]) -> None:
        super().__init__(f"{where}: {len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}")
        self.where = where
        self.mistakes = mistakes


def as_they_are(settings: Settings) -> Settings:
    """Return ``settings``: nobody changes them."""
    return settings


def _no_more(_: Settings) -> Iterable[str]:
    return ()


def read_settings(
    path: Path | None,
    environment: Mapping[str, str],
    *,
    changed: Callable[[Settings], Settings] = as_they_are,
    mistakes_of: Callable[[Settings], Iterable[str]] = _no_more,
) -> Settings:
    """Return the settings of the file at ``path`` (None: the defaults), overridden by ``environment``.

    ``STADTFUNK_<TABLE>_<KEY>`` overrides ``key`` of ``[table]``.

    Args:
        path: the file.
        environment: variables.
        changed: what the command line makes of the settings.
        mistakes_of: what those who will use the settings find wrong with them.

    Raises:
        SettingsInvalid: with all mistakes.
    """
    where = str(path) if path is not None else "settings"
    raw = _parsed(path) if path is not None else {}
    mistakes: Mistakes = []
    _override(raw, environment, mistakes)
    reader = TableReader(mistakes)
    settings = changed(reader.settings(raw))
    check(settings, reader.sources, reader.rules, mistakes)
    check_connectors(settings, reader.connectors, mistakes)
    mistakes.extend(mistakes_of(settings))
    if mistakes:
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
            target[key] = _typed(environment[variable], found[key])


def _typed(text: str, kind: type) -> object:
    """Return ``text`` as it is where text is wanted, and else as TOML would read it, if it does."""
    if kind is str:
        return text
    if kind is list:
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
