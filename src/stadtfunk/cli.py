"""The command line: what can be said, and what comes of errors."""

import argparse
import errno
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path

from application.errors import ApplicationError
from stadtfunk.commands.words import Parser
from stadtfunk.exit_codes import BUG, CONFIGURATION, OK, UNAVAILABLE, exit_code
from stadtfunk.settings import SettingsInvalid

_WORDS = {
    "run": "stadtfunk.roles.run",
    "ingest": "stadtfunk.roles.ingest",
    "process": "stadtfunk.roles.process",
    "sink": "stadtfunk.roles.sink",
    "connect": "stadtfunk.roles.connect",
    "serve": "stadtfunk.roles.serve",
    "migrate": "stadtfunk.roles.migrate",
    "redecode": "stadtfunk.roles.redecode",
    "recount": "stadtfunk.roles.recount",
    "backfill": "stadtfunk.roles.backfill",
    "simulate": "stadtfunk.roles.simulate",
    "config": "stadtfunk.commands.config",
    "codecs": "stadtfunk.commands.codecs",
    "readings": "stadtfunk.commands.readings",
    "devices": "stadtfunk.commands.devices",
    "dead-letters": "stadtfunk.commands.dead_letters",
    "import": "stadtfunk.commands.import_table",
    "export": "stadtfunk.commands.export_table",
    "consumption": "stadtfunk.commands.consumption",
    "read-out": "stadtfunk.commands.read_out",
    "read-rate": "stadtfunk.commands.read_rate",
    "losses": "stadtfunk.commands.losses",
    "exchange-cases": "stadtfunk.commands.exchange_cases",
    "parking": "stadtfunk.commands.parking",
    "lamps": "stadtfunk.commands.lamps",
    "positions": "stadtfunk.commands.positions",
    "silent-devices": "stadtfunk.commands.silent_devices",
    "lag": "stadtfunk.commands.lag",
    "inspect": "stadtfunk.commands.inspect_topic",
    "topics": "stadtfunk.commands.topics",
    "state": "stadtfunk.commands.state",
    "connectors": "stadtfunk.commands.connectors",
}
"""Each word and its module, in the order of the help. Only the one that is said is loaded: all of them, with their
clients of Kafka, Cassandra and gRPC, are a second at the start and 30 MB for good."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit code."""
    _write_whatever_happens()
    said = sys.argv[1:] if arguments is None else arguments
    asked = parser(_modules(said)).parse_args(said)
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


def _modules(said: Sequence[str]) -> Iterable[str]:
    """Return the module of the word that is said; all of them, where it is none of ours."""
    module = _WORDS.get(said[0]) if said else None
    return _WORDS.values() if module is None else [module]


def parser(modules: Iterable[str] = _WORDS.values()) -> argparse.ArgumentParser:
    """Return the command line with the words of ``modules``."""
    whole = Parser(prog="stadtfunk", description="The open LoRaWAN data platform of a city.")
    whole.add_argument("--version", action="version", version=f"stadtfunk {version('stadtfunk')}")
    words = whole.add_subparsers(metavar="COMMAND", required=True)
    settings = argparse.ArgumentParser(add_help=False)
    settings.add_argument("--config", type=Path, metavar="FILE", help="settings (TOML); without: the defaults")
    for module in modules:
        import_module(module).add(words, settings)
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
