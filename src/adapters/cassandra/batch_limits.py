"""What a batch may hold, asked of the nodes: a node warns in its log, each time, of a batch it finds too large."""

from cassandra import Unauthorized
from cassandra.cluster import Host, Session
from cassandra.protocol import RequestValidationException
from msgspec import Struct
from msgspec.structs import replace

from adapters.cassandra.driver_errors import TRANSIENT

_ESTIMATE = 0.95
"""Our count of a batch's bytes may be 5 % below a node's."""
_SIZE, _PARTITIONS = "batch_size_warn_threshold", "unlogged_batch_across_partitions_warn_threshold"
_ASKED = f"SELECT name, value FROM system_views.settings WHERE name IN ('{_SIZE}', '{_PARTITIONS}')"  # noqa: S608
_UNITS = {"B": 1, "KiB": 1_024, "MiB": 1_048_576}
"""cassandra.yaml, "DataStorageSpec"."""


class BatchLimits(Struct, frozen=True):
    """What a batch may hold. The defaults stay below what a node warns of as it comes."""

    partitions: int = 10
    size: int = 4_864
    """Estimated bytes where there is more than one partition: 5 KiB, less 5 % for the estimate."""
    rows: int = 50
    single_partition_size: int = 32_768
    """Estimated bytes where there is but one, which nodes do not warn of: well below a commit log segment's half."""


LARGEST = BatchLimits(partitions=100, size=60_000, rows=100, single_partition_size=60_000)
"""What a batch costs beside its rows, some 200 µs of our time, is a tenth of it; 32 under way at once are 2 MB."""


def limits_of(session: Session) -> BatchLimits:
    """Return the largest batches that no node of ``session`` warns of, up to ``LARGEST``.

    A node that does not tell (Cassandra 4.0 names its settings otherwise; a user may not be allowed to ask; it stands
    still, which is no reason not to work with the others) is taken to be as it comes.
    """
    found = [_limits(session, host) for host in session.get_pool_state()]
    least = min(found, key=lambda each: (each.partitions, each.size), default=BatchLimits())
    return replace(least, size=min((each.size for each in found), default=least.size))


def _limits(session: Session, host: Host) -> BatchLimits:
    try:
        told = dict(session.execute(_ASKED, host=host))
    except (RequestValidationException, Unauthorized, *TRANSIENT):
        return BatchLimits()
    size, partitions = _bytes(told.get(_SIZE, "")), _whole(told.get(_PARTITIONS, ""))
    if size is None or partitions is None:
        return BatchLimits()
    most = max(1, min(partitions, LARGEST.partitions))
    few = BatchLimits()
    return BatchLimits(
        partitions=most,
        size=min(int(size * _ESTIMATE), LARGEST.size),
        rows=max(few.rows, most),
        single_partition_size=LARGEST.single_partition_size if most > few.partitions else few.single_partition_size,
    )


def _bytes(text: str) -> int | None:
    """Return a size as a node writes it, ``64KiB``."""
    digits = text.rstrip("KMiB")
    unit = _UNITS.get(text[len(digits) :])
    return int(digits) * unit if digits.isdigit() and unit else None


def _whole(text: str) -> int | None:
    return int(text) if text.isdigit() else None
