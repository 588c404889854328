"""Who we are to a server, and the files that a table names: what single fields cannot tell."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.structs import fields

from stadtfunk.settings.secret import mistake_of_secret

_SECRETS = ("password_file", "storage_key_file")
_NEED_NOT_EXIST = ("truth_file", "memory_file")
"""They are written."""


class Credentials(Protocol):
    """A table that says who we are."""

    @property
    def username(self) -> str:
        """Empty: nobody asks."""

    @property
    def password_file(self) -> str:
        """Where the password stands; empty: there is none."""


class Certified(Protocol):
    """A table that says whose certificates are trusted."""

    @property
    def ca_file(self) -> str:
        """Given: TLS, with this authority."""

    @property
    def server_name(self) -> str:
        """What the certificates are for, if not for addresses."""


def mistakes_of_credentials(path: str, table: Credentials) -> Iterator[str]:
    """Yield what is wrong with who we are, as the table at ``path`` says it."""
    if table.username and not table.password_file:
        yield f"{path}.password_file is missing: username {table.username!r} needs one"
    if table.password_file and not table.username:
        yield f"{path}.username is missing: password_file has no effect without"


def mistakes_of_server_name(path: str, table: Certified) -> Iterator[str]:
    """Yield that a certificate's name is given where no certificate is asked for."""
    if table.server_name and not table.ca_file:
        yield f"{path}.server_name has no effect without TLS: set ca_file, or remove it"


def mistakes_of_files(path: str, table: Struct) -> Iterator[str]:
    """Yield which of the files that the table at ``path`` names cannot be read."""
    names = [each.name for each in fields(type(table)) if each.name.endswith("_file")]
    for name in names:
        file = getattr(table, name) if name not in _NEED_NOT_EXIST else ""
        if file and (mistake := _mistake_of_file(name, file)):
            yield f"{path}.{name} = {file!r}: {mistake}"


def _mistake_of_file(name: str, path: str) -> str:
    if name in _SECRETS:
        return mistake_of_secret(path)
    return "" if Path(path).is_file() else "there is no such file"
