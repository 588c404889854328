"""The command line: what can be said, and what comes of errors."""

import argparse
import errno
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path

from application.errors import ApplicationError
from stadtfunk.commands import (
    codecs,
    config,
    connectors,
    consumption,
    dead_letters,
    devices,
    exchange_cases,
    export_table,
    import_table,
    inspect_topic,
    lag,
    lamps,
    losses,
    parking,
    positions,
    read_out,
    read_rate,
    readings,
    silent_devices,
    state,
    topics,
)
from stadtfunk.commands.words import Parser
from stadtfunk.exit_codes import BUG, CONFIGURATION, OK, UNAVAILABLE, exit_code
from stadtfunk.roles import backfill, connect, ingest, migrate, process, recount, redecode, run, serve, simulate, sink
from stadtfunk.settings import SettingsInvalid

_WORDS = (
    run,
    ingest,
    process,
    sink,
    connect,
    serve,
    migrate,
    redecode,
    recount,
    backfill,
    simulate,
    config,
    codecs,
    readings,
    devices,
    dead_letters,
    import_table,
    export_table,
    consumption,
    read_out,
    read_rate,
    losses,
    exchange_cases,
    parking,
    lamps,
    positions,
    silent_devices,
    lag,
    inspect_topic,
    topics,
    state,
    connectors,
)
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit code."""
    _write_whatever_happens()
    asked = parser().parse_args(arguments)
    try:
        asked.do(asked)
        if sys.stdout is not None:
            sys.stdout.flush()  # here an error can still be told
    except KeyboardInterrupt:
        return OK
    except Exception as error:  # noqa: BLE001  the last line of defence: whatever it is, it has an exit code
        return _code_of(error)
    return OK


def _code_of(error: Exception) -> int:
    """Say what is wrong, and return the exit code for it."""
    if isinstance(error, SettingsInvalid):
        for mistake in error.mistakes:
            _say(f"{error.where}: {mistake}")
        return CONFIGURATION
    if isinstance(error, ApplicationError):
        _say(error.message)
        return exit_code(error)
    if isinstance(error, BrokenPipeError):
        _write_no_more()
        return OK
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        _write_no_more()
        _say(f"what it has to say cannot be written: {error.strerror}")
        return UNAVAILABLE
    traceback.print_exception(error)
    return BUG


def parser() -> argparse.ArgumentParser:
    """Return the whole command line."""
    whole = Parser(prog="stadtfunk", description="The open LoRaWAN data platform of a city.")
    whole.add_argument("--version", action="version", version=f"stadtfunk {version('stadtfunk')}")
    words = whole.add_subparsers(metavar="COMMAND", required=True)
    settings = argparse.ArgumentParser(add_help=False)
    settings.add_argument("--config", type=Path, metavar="FILE", help="settings (TOML); without: the defaults")
    for each in _WORDS:
        each.add(words, settings)
    return whole


def _write_whatever_happens() -> None:
    """Let no name of a folder or device end a command, only because the terminal cannot show it."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _write_no_more() -> None:
    """Let what is still to be written vanish, so that the end of the process does not complain again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(text: str) -> None:
    """Write one line, whatever others put into ``text``."""
    line = "".join(each if each.isprintable() else "�" for each in " ".join(text.split()))
    with suppress(OSError):  # nobody listens: the exit code still tells
        print(f"stadtfunk: {line}", file=sys.stderr)
