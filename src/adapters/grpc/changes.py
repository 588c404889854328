"""Whether this server lets its clients register devices and import readings.

The API has no users yet: who can reach it can ask. So only a server that listens to its own machine alone takes
changes, unless its settings say otherwise.
"""

from adapters.grpc.errors import ChangesNotAllowed
from application.loopback import is_loopback


class Changes:
    """``[grpc] changes``: ``allowed``, ``refused``, or ``local`` where it is decided by the address."""

    def __init__(self, setting: str, host: str) -> None:
        self._are_allowed = setting == "allowed" or (setting == "local" and is_loopback(host))

    def check(self) -> None:
        """Return if changes are allowed.

        Raises:
            ChangesNotAllowed: names the setting.
        """
        if not self._are_allowed:
            raise ChangesNotAllowed(
                "this server takes no changes: its operator can set grpc.changes", setting="grpc.changes"
            )
