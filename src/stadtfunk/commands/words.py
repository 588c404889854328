"""What the command line's parts share: their types, and the settings they begin with."""

import argparse
import os
from collections.abc import Callable
from typing import TypeAlias

from domain.errors import InvalidValue
from domain.rfc3339 import parse_rfc3339
from stadtfunk.settings import Settings, read_settings

Words: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  argparse names its type so
Asked: TypeAlias = argparse.Namespace

_SERVER = "127.0.0.1:50051"


def settings_of(asked: Asked) -> Settings:
    """Return the settings the command line names.

    Raises:
        SettingsInvalid: with all mistakes.
    """
    return read_settings(asked.config, os.environ)


def add_server(parser: argparse.ArgumentParser) -> None:
    """Add where the gRPC API is asked."""
    parser.add_argument("--server", default=_SERVER, metavar="HOST:PORT", help=f"gRPC API, default {_SERVER}")
    parser.add_argument("--ca-file", default="", help="ask through TLS, and trust this authority (PEM)")


def bounded(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from ``least`` to ``most``."""

    def number(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{value} is not between {least} and {most}")
        return value

    return number


def instant(text: str) -> int:
    """Return an RFC 3339 time in ns since 1970-01-01 UTC."""
    try:
        return parse_rfc3339(text)
    except InvalidValue as error:
        raise argparse.ArgumentTypeError(error.message) from error
