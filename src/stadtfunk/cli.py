"""The command line: what can be said, and what comes of errors."""

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from application.errors import ApplicationError
from stadtfunk.commands import config, dead_letters, devices, readings
from stadtfunk.exit_codes import BUG, CONFIGURATION, OK, exit_code
from stadtfunk.roles import ingest, migrate, process, run, serve, simulate, sink
from stadtfunk.settings import SettingsInvalid

_WORDS = (run, ingest, process, sink, serve, migrate, simulate, config, readings, devices, dead_letters)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit code."""
    asked = parser().parse_args(arguments)
    try:
        asked.do(asked)
    except SettingsInvalid as refused:
        for mistake in refused.mistakes:
            _say(f"{refused.where}: {mistake}")
        return CONFIGURATION
    except ApplicationError as error:
        _say(error.message)
        return exit_code(error)
    except KeyboardInterrupt:
        return OK
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that closing it does not complain again
        return OK
    except Exception:  # noqa: BLE001  the last line of defence: a bug must end the process with its own code
        traceback.print_exc()
        return BUG
    return OK


def parser() -> argparse.ArgumentParser:
    """Return the whole command line."""
    whole = argparse.ArgumentParser(prog="stadtfunk", description="The open LoRaWAN data platform of a city.")
    whole.add_argument("--version", action="version", version=f"stadtfunk {version('stadtfunk')}")
    words = whole.add_subparsers(metavar="COMMAND", required=True)
    settings = argparse.ArgumentParser(add_help=False)
    settings.add_argument("--config", type=Path, metavar="FILE", help="settings (TOML); without: the defaults")
    for each in _WORDS:
        each.add(words, settings)
    return whole


def _say(line: str) -> None:
    print(f"stadtfunk: {line}", file=sys.stderr)
