"""What changed in the master data since the last question, for processes that keep it in memory."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from application.ports.master_data import MasterRecord, Place, place_of


class Removal(Struct, frozen=True, tag="removed"):
    """A record that was taken away."""

    kind: str
    key: str
    written_us: int
    """Versions written up to then are gone."""


class Announced(Struct, frozen=True):
    """A version as it was announced."""

    version: MasterRecord | Removal
    made_of_us: int | None = None
    """The write time of the version it was made of; 0: there was none; None: it was made of none, and always counts."""

    @property
    def place(self) -> Place:
        """Of which record."""
        version = self.version
        return (version.kind, version.key) if isinstance(version, Removal) else place_of(version)


class Announcements(Protocol):
    """Every version of every record as processes announce it, superseded or not."""

    async def announce(self, versions: Sequence[Announced]) -> None:
        """Make ``versions`` known to all.

        Raises:
            Unavailable: not all could be; give all again.
        """

    async def since_last(self) -> Sequence[Announced]:
        """Return what was announced since the last call that returned, of one record in the order all see.

        The first call returns what was announced in the last minutes.

        Raises:
            Unavailable: it cannot be read now; the next call returns it.
        """


class RegistryChanges(Protocol):
    """Promises: tests/contract/registry_changes.py."""

    async def news(self) -> Sequence[MasterRecord | Removal]:
        """Return what was put or removed since the last call, in an order in which it may be taken over.

        The first call returns all there is. A version may come more than once.

        Raises:
            Unavailable: they cannot be read now; the next call returns them.
        """
