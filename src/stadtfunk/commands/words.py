"""What the command line's parts share: how words are read, and the settings they begin with."""

import argparse
import os
from collections.abc import Callable, Sequence
from math import inf
from typing import NoReturn, TypeAlias

from application.record_merge import KINDS
from domain.errors import InvalidValue
from domain.identifiers import DevEui, dev_eui
from domain.rfc3339 import parse_rfc3339
from stadtfunk.adapter_settings import mistakes_of
from stadtfunk.connector_settings import connector_mistakes
from stadtfunk.exit_codes import CONFIGURATION
from stadtfunk.settings import ConnectorSettings, Settings, SettingsInvalid, as_they_are, read_settings

Words: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  argparse names its type so
Asked: TypeAlias = argparse.Namespace

SERVER = "127.0.0.1:50051"
"""Where commands ask, unless told otherwise."""
_LAST_PORT = 65_535
_LONGEST_S = 3_600
"""Longer than any answer takes; gRPC reads a time beyond its range as one that is over."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as everything else does; argparse would put its usage before it."""

    def error(self, message: str) -> NoReturn:
        """End with the exit code of wrong settings."""
        words = self.prog.partition(" ")[2]
        said = f"{words}: {message}" if words else message
        self.exit(CONFIGURATION, f"stadtfunk: {said} (more: {self.prog} --help)\n")


def settings_of(asked: Asked, changed: Callable[[Settings], Settings] = as_they_are) -> Settings:
    """Return the settings the command line names, as its other words have ``changed`` them.

    Raises:
        SettingsInvalid: with all mistakes.
    """
    return read_settings(asked.config, os.environ, changed=changed, mistakes_of=_mistakes_of)


def chosen_connectors(settings: Settings, only: Sequence[str], words: str) -> Sequence[ConnectorSettings]:
    """Return the connectors that are asked for; without names all of them.

    Raises:
        SettingsInvalid: there is none of such a name; ``words`` are those that were said.
    """
    known = {each.name: each for each in settings.connectors}
    if unknown := [name for name in only if name not in known]:
        remedy = f"there are {', '.join(known)}"
        raise SettingsInvalid(words, [f"--only: no connector is named {name!r}: {remedy}" for name in unknown])
    return [each for each in settings.connectors if not only or each.name in only]


def _mistakes_of(settings: Settings) -> list[str]:
    return [*mistakes_of(settings), *connector_mistakes(settings)]


def add_server(parser: argparse.ArgumentParser) -> None:
    """Add where the gRPC API is asked."""
    parser.add_argument(
        "--server", type=address, default=SERVER, metavar="HOST:PORT", help=f"gRPC API, default {SERVER}"
    )
    parser.add_argument("--ca-file", default="", help="ask through TLS, and trust this authority (PEM)")
    told = "longest wait for an answer, or for the next part of a long one; without: 10 to 60 s, as is asked for"
    parser.add_argument("--timeout", type=seconds, metavar="SECONDS", help=told)


def bounded(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from ``least`` to ``most``."""

    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{value} is not between {least} and {most}")
        return value

    return number


def rate(text: str) -> float:
    """Return how many a second; 0 stands for as many as are taken."""
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
    if not 0.0 <= value < inf:
        raise argparse.ArgumentTypeError(f"{text} is no rate: 0 or more expected")
    return value


def seconds(text: str) -> float:
    """Return a length of time that is more than none."""
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
    if not 0.0 < value <= _LONGEST_S:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and {_LONGEST_S}")
    return value


def given(text: str) -> str:
    """Return ``text``, which must not be empty."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty")
    return text


def address(text: str) -> str:
    """Return ``text``, which must be ``host:port``."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 1 <= int(port) <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no address: host:port expected")
    return text


def table_kind(text: str) -> str:
    """Return what a table is about: ``readings``, or a kind of master data, whose name may be a plural."""
    name = text.strip().lower().replace("-", "_")
    if name in ("reading", "readings"):
        return "readings"
    kind = "device" if name in ("position", "positions") else name if name in KINDS else name.removesuffix("s")
    if kind not in KINDS:
        known = ", ".join(["readings", "positions", *sorted(KINDS)])
        raise argparse.ArgumentTypeError(f"{text!r} is nothing that a table is about: {known}")
    return kind


def device(text: str) -> DevEui:
    """Return the device whose DevEUI ``text`` is."""
    try:
        return dev_eui(text)
    except InvalidValue as error:
        raise argparse.ArgumentTypeError(error.message) from error


def instant(text: str) -> int:
    """Return an RFC 3339 time in ns since 1970-01-01 UTC."""
    try:
        return parse_rfc3339(text)
    except InvalidValue as error:
        raise argparse.ArgumentTypeError(error.message) from error
