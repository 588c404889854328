"""Whether the keyspace is the one that this version needs."""

from cassandra.cluster import Session

from adapters.cassandra.driver_errors import REMEDY
from adapters.cassandra.settings import ClusterSettings
from adapters.cassandra.statements import SCHEMA_VERSION, Cql
from application.errors import WrongShape

TABLES = (
    "observations",
    "observation_days",
    "states",
    "devices",
    "devices_by_type",
    "master_data",
    "superseded",
    "superseded_days",
    "loss_days",
    "segments_meter_personal",
    "segments_occupancy",
    "segments_location",
    "segments_infrastructure",
    "class_layouts",
    "radio_metadata",
    "radio_days",
    "schema_version",
)


def check_schema(session: Session, settings: ClusterSettings) -> None:
    """Return if keyspace, tables and version are right.

    Raises:
        WrongShape: what is wrong, and what mends it.
    """
    tables = tables_of(session, settings)
    missing = [table for table in TABLES if table not in tables]
    if missing:
        named = ", ".join(f"{settings.keyspace}.{table}" for table in missing)
        message = f"Cassandra at {settings.where} lacks {'table' if len(missing) == 1 else 'tables'} {named}"
        raise WrongShape(f"{message}: {REMEDY}", missing=named)
    version = stored_version(session, settings)
    if version < SCHEMA_VERSION:
        raise WrongShape(f"{_has(version, settings)}, this program needs {SCHEMA_VERSION}: {REMEDY}")
    refuse_newer(version, settings)


def refuse_newer(version: int, settings: ClusterSettings) -> None:
    """Return if ``version`` is not beyond ours.

    Raises:
        WrongShape: a newer program made the tables.
    """
    if version > SCHEMA_VERSION:
        message = f"{_has(version, settings)}, this program knows {SCHEMA_VERSION}"
        raise WrongShape(f"{message}: run the newer stadtfunk that made it")


def stored_version(session: Session, settings: ClusterSettings) -> int:
    """Return the version that the last migration left; 0: none was completed."""
    row = session.execute(Cql.READ_SCHEMA_VERSION.format(keyspace=settings.keyspace)).one()
    return int(row[0]) if row else 0


def tables_of(session: Session, settings: ClusterSettings) -> set[str]:
    """Return the names of the keyspace's tables."""
    keyspaces = "SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = %s"
    if session.execute(keyspaces, (settings.keyspace,)).one() is None:
        message = f"Cassandra at {settings.where} has no keyspace {settings.keyspace}: {REMEDY}"
        raise WrongShape(message, missing=settings.keyspace)
    tables = "SELECT table_name FROM system_schema.tables WHERE keyspace_name = %s"
    return {row[0] for row in session.execute(tables, (settings.keyspace,))}


def _has(version: int, settings: ClusterSettings) -> str:
    return f"keyspace {settings.keyspace} at {settings.where} has schema version {version}"
