"""The tables of the three files, and the version that says whether we may touch them.

Every file carries an application id (ours) and a schema version (``user_version``). A file without tables and
without either is new. Instants are 64-bit integers, ns where they are event times, µs where they are ours. Rows are
written and read whole, in the order of these columns: the version vouches for it.
"""

import sqlite3
from pathlib import Path
from uuid import uuid4

from msgspec import Struct

from application.errors import WrongShape


class Schema(Struct, frozen=True):
    """Shape of one file."""

    application_id: int
    """32 bits of ours, shown by ``file(1)`` and checked when opening."""
    version: int
    page_bytes: int
    tables: tuple[str, ...]


UPLINKS = Schema(
    application_id=0x5374_666C,  # "Stfl"
    version=1,
    # A batch of 500 messages is one blob of 70 kB, five pages; a single message costs a whole page, and 200 of those a
    # second must not wear out a small SSD.
    page_bytes=16_384,
    tables=(
        # log_id: results computed from one log must not go on with another.
        "CREATE TABLE log (log_id TEXT NOT NULL)",
        # first: offset of the first message, as many follow as ``messages`` says; until_us: inclusive;
        # through_bytes: bytes of all bodies ever logged, this one included, so that the kept size needs no sum.
        """CREATE TABLE uplinks (
            first INTEGER PRIMARY KEY, messages INTEGER NOT NULL, since_us INTEGER NOT NULL,
            until_us INTEGER NOT NULL, through_bytes INTEGER NOT NULL, body BLOB NOT NULL)""",
    ),
)

RESULTS = Schema(
    application_id=0x5374_6672,  # "Stfr"
    version=3,
    # A large table of many devices costs a page a row in the end; at 8 kB a small one is a tenth cheaper, a large one
    # dearer.
    page_bytes=4_096,
    tables=(
        # next_offset: up to which results are durable; replay_from: up to which they are all in their tables.
        """CREATE TABLE position (
            id INTEGER PRIMARY KEY CHECK (id = 0), log_id TEXT NOT NULL,
            next_offset INTEGER NOT NULL, replay_from INTEGER NOT NULL)""",
        # Observations of whole batches that are not yet in their table.
        "CREATE TABLE journal (id INTEGER PRIMARY KEY, body BLOB NOT NULL)",
        # readings: JSON object, "measurand/channel" to value, exponent, quality.
        """CREATE TABLE observations (
            dev_eui TEXT NOT NULL, event_ns INTEGER NOT NULL, written_us INTEGER NOT NULL, time_origin TEXT NOT NULL,
            uncertainty_ms INTEGER NOT NULL, device_type TEXT NOT NULL, decoder TEXT NOT NULL, source TEXT NOT NULL,
            f_cnt INTEGER NOT NULL, readings TEXT NOT NULL,
            PRIMARY KEY (dev_eui, event_ns)) WITHOUT ROWID""",
        # The loss ledger: day in the city's zone since 1970-01-01, body JSON.
        """CREATE TABLE loss_days (
            day INTEGER NOT NULL, dev_eui TEXT NOT NULL, source TEXT NOT NULL, written_us INTEGER NOT NULL,
            body TEXT NOT NULL, PRIMARY KEY (day, dev_eui, source)) WITHOUT ROWID""",
        # device: the DevEUI as a signed integer (rows of a kilobyte and more fit a rowid table better);
        # connection: how the last frame reached the network, JSON.
        "CREATE TABLE device_memory (device INTEGER PRIMARY KEY, memory BLOB NOT NULL, connection TEXT)",
        # States that others than the checkpoint wrote, JSON.
        """CREATE TABLE device_states (
            dev_eui TEXT PRIMARY KEY, written_us INTEGER NOT NULL, state TEXT NOT NULL) WITHOUT ROWID""",
        """CREATE TABLE devices (
            dev_eui TEXT PRIMARY KEY, written_us INTEGER NOT NULL, device_type TEXT NOT NULL, source TEXT NOT NULL,
            application_id TEXT NOT NULL, device_id TEXT NOT NULL, registered_us INTEGER NOT NULL,
            attributes TEXT NOT NULL) WITHOUT ROWID""",
        "CREATE INDEX devices_by_type ON devices (device_type, dev_eui)",
        # settled_us: 0 while it waits; settled: what became of it, JSON.
        """CREATE TABLE dead_letters (
            letter_id TEXT PRIMARY KEY, reason TEXT NOT NULL, stage TEXT NOT NULL, detail TEXT NOT NULL,
            origin TEXT NOT NULL, source TEXT NOT NULL, topic TEXT NOT NULL, received_us INTEGER NOT NULL,
            body BLOB NOT NULL, dev_eui TEXT NOT NULL, device_type TEXT NOT NULL, decoder TEXT NOT NULL,
            payload BLOB NOT NULL, data_class TEXT NOT NULL, settled_us INTEGER NOT NULL, settled TEXT)""",
        "CREATE INDEX dead_letters_by_receipt ON dead_letters (settled_us, received_us, letter_id)",
        "CREATE INDEX dead_letters_by_reason ON dead_letters (settled_us, reason, received_us, letter_id)",
        """CREATE TABLE activations (
            dev_eui TEXT NOT NULL, network_ns INTEGER NOT NULL, source TEXT NOT NULL, session TEXT NOT NULL,
            application_id TEXT NOT NULL, device_id TEXT NOT NULL,
            PRIMARY KEY (dev_eui, network_ns, source, session)) WITHOUT ROWID""",
    ),
)

REGISTRY = Schema(
    application_id=0x5374_6667,  # "Stfg"
    version=1,
    page_bytes=4_096,
    tables=(
        # body: JSON; NULL: removed, so that no version written before that comes back.
        """CREATE TABLE records (
            kind TEXT NOT NULL, key TEXT NOT NULL, written_us INTEGER NOT NULL, body TEXT,
            PRIMARY KEY (kind, key)) WITHOUT ROWID""",
        # Readings that a re-decode replaced: name is measurand/channel, body MessagePack.
        """CREATE TABLE superseded (
            dev_eui TEXT NOT NULL, event_ns INTEGER NOT NULL, name TEXT NOT NULL, written_us INTEGER NOT NULL,
            until_us INTEGER NOT NULL, body BLOB NOT NULL,
            PRIMARY KEY (dev_eui, event_ns, name, written_us)) WITHOUT ROWID""",
    ),
)


def is_new(connection: sqlite3.Connection) -> bool:
    """Say whether nothing was ever put into the file."""
    [tables] = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return not tables and not _pragma(connection, "application_id") and not _pragma(connection, "user_version")


def create(connection: sqlite3.Connection, schema: Schema) -> None:
    """Make the tables, within the transaction that the caller holds."""
    for table in schema.tables:
        connection.execute(table)
    if schema is UPLINKS:
        connection.execute("INSERT INTO log VALUES (?)", (uuid4().hex,))
    connection.execute(f"PRAGMA application_id = {schema.application_id}")
    connection.execute(f"PRAGMA user_version = {schema.version}")


def check(connection: sqlite3.Connection, schema: Schema, path: Path) -> None:
    """Refuse a file that we did not write, or that a later version of ours did.

    Raises:
        WrongShape: names both versions.
    """
    if _pragma(connection, "application_id") != schema.application_id:
        raise WrongShape(f"{path} is no file of stadtfunk: name another folder, or move it away", path=str(path))
    found = _pragma(connection, "user_version")
    if found != schema.version:
        raise WrongShape(
            f"{path} has schema version {found}, this one reads {schema.version}: start the stadtfunk that wrote it",
            path=str(path),
            found=str(found),
            expected=str(schema.version),
        )


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    [value] = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
