"""Where Cassandra is, who we are there, and how long we wait for it."""

import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from application.errors import Refused

_KEYSPACE = re.compile(r"[a-z][a-z0-9_]{0,47}")
"""What CQL takes without quotes; 48 characters are Cassandra's limit."""


class ClusterSettings(Struct, frozen=True, kw_only=True):
    """How to reach and use a cluster. Times are seconds.

    Raises:
        Refused: the keyspace is no plain name; it becomes part of the statements.
    """

    contact_points: tuple[str, ...]
    """Nodes to ask first; the others are learned from them."""
    local_dc: str
    """Data centre whose nodes we talk to; consistency is LOCAL_QUORUM there."""
    port: int = 9042
    keyspace: str = "stadtfunk"
    username: str = ""
    """Empty: the cluster asks for none."""
    password_file: str = ""
    """The password alone in a file, so that no settings, log or error can show it."""
    ca_file: str = ""
    """Given: TLS, with nodes whose certificates this authority signed (PEM)."""
    server_name: str = ""
    """What each node's certificate is for; empty: its address, which is a number, as the driver resolves names and
    learns of further nodes by number alone."""
    connect_timeout_s: float = 3.0
    """For one node."""
    request_timeout_s: float = 6.0
    """For one request: the server gives up reads after 5 s, writes after 2 s, and its answer should reach us."""
    read_deadline_s: float = 10.0
    """For one page of rows, repeats included."""
    write_deadline_s: float = 30.0
    """For one batch of rows, repeats included: five lost requests. However many rows are written at once."""
    in_flight: int = 32
    """Requests under way at once; a batch is one."""
    lost_after_s: float = 60.0
    """The driver never asks the name service again: nodes that all moved are lost to it, and only a restart helps."""

    def __post_init__(self) -> None:
        if not _KEYSPACE.fullmatch(self.keyspace):
            message = f"{self.keyspace!r} is no keyspace: a letter, then letters, digits or _, lower case, at most 48"
            raise Refused(message, setting="cassandra.keyspace")

    @property
    def where(self) -> str:
        """The contact points, for people."""
        return ", ".join(f"{host}:{self.port}" for host in self.contact_points)


class TableSettings(Struct, frozen=True):
    """How a table is kept."""

    compaction: Mapping[str, str] = field(default_factory=lambda: {"class": "UnifiedCompactionStrategy"})
    """What Cassandra 5 recommends for new tables; Cassandra 4 does not know it."""
    time_to_live_s: int = 0
    """0: rows are kept for ever."""


class CassandraSourceSettings(Struct, frozen=True, kw_only=True):
    """What is read of somebody else's table, and how often."""

    cluster: ClusterSettings
    """Where it is; its ``keyspace`` is not looked at."""
    keyspace: str
    table: str
    columns: Mapping[str, str]
    """Our column (docs/registry.md) by theirs; a map of theirs is ``labels.*``."""
    every_s: float = 60.0
    """Between two looks at the whole table."""
    refused_again_s: float = 3_600.0
    """When a row that was refused is given again though it is as it was: what it needs may be registered meanwhile."""
    memory: Path | None = None
    """Of devices: given, the table is the authority on who is in service. A device whose row is gone is out of service
    from then on, and back in service when it comes back. The file remembers who was there."""
