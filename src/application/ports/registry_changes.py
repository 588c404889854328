"""What changed in the master data since the last question, for processes that keep it in memory."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from application.ports.master_data import MasterRecord


class Removal(Struct, frozen=True, tag="removed"):
    """A record that was taken away."""

    kind: str
    key: str
    written_us: int
    """Versions written up to then are gone."""


class RegistryChanges(Protocol):
    """Promises: tests/contract/registry_changes.py."""

    async def news(self) -> Sequence[MasterRecord | Removal]:
        """Return what was put or removed since the last call, in an order in which it may be taken over.

        The first call returns all there is. A version may come more than once.

        Raises:
            Unavailable: they cannot be read now; the next call returns them.
        """
