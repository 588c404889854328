"""``[[connectors]]``: what ``stadtfunk connect`` runs; the docstring below a field is its documentation."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from stadtfunk.settings.broker import BrokerSettings
from stadtfunk.settings.values import Given, Port

Seconds = Annotated[float, Meta(gt=0.0, le=86_400.0)]
ConnectorName = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_-]{0,63}$")]
SourceName = Annotated[str, Meta(pattern="^([a-z0-9][a-z0-9_-]{0,35})?$")]
Keyspace = Annotated[str, Meta(pattern="^[a-zA-Z][a-zA-Z0-9_]{0,47}$")]
TableName = Annotated[str, Meta(pattern="^[a-zA-Z][a-zA-Z0-9_]{0,47}$")]
"""Names of Cassandra that need no quotes."""

SUBJECTS = ("electricity", "water", "heat", "gas", "parking", "lamps", "positions", "devices", "radio_metadata")
"""What has a sink of its own: the subjects of readings, and radio metadata."""


class UplinkConnectorSettings(BrokerSettings, frozen=True, kw_only=True):
    """Kinds ``ttn_uplinks``, ``ttn_activations`` (The Things Stack v3) and ``chirpstack`` (v4): uplinks by MQTT."""

    name: ConnectorName
    kind: str
    source: SourceName = ""
    """The network server's name: counters are accounted per source, so uplinks and activations of an application share
    it; empty: the connector's name."""
    application: str = ""
    """The Things Stack: ``application@tenant``, where the user name does not say it."""
    canary: Literal["off", "publish", "simulate"] = "off"
    """``publish``: on the broker, which must let us; ``simulate``: by the HTTP API of The Things Stack."""
    canary_every_s: Seconds = 60.0
    canary_deadline_s: Seconds = 120.0
    """How soon it must be back; more than the minute that a lost connection may take to be made again."""
    canary_url: str = ""
    """With ``simulate``: ``https://eu1.cloud.thethings.network``; empty: ``https://`` and ``host``."""
    stuck_after_s: Seconds = 120.0
    """How long what has arrived may wait without anything of it being stored."""
    paused: bool = False


class CsvSourceSettings(Struct, frozen=True):
    """Kinds ``registry_from_csv`` and ``readings_from_csv``: tables that somebody puts into a folder."""

    name: ConnectorName
    kind: str
    path: Given
    """A folder; or a single file, which stays and is read again whenever it was changed."""
    record: str = "device"
    """With ``registry_from_csv``: which kind of master data the rows are (docs/registry.md)."""
    pattern: Given = "*.csv"
    """Of the names of files in the folder."""
    finished: Literal["move", "stay"] = "move"
    """What becomes of a file of the folder: it moves to ``done/``, or stays and is remembered."""
    settle_s: Annotated[float, Meta(ge=0.0, le=86_400.0)] = 10.0
    """A file that has not changed for so long is whole; 0 where writers rename those that are."""
    every_s: Seconds = 10.0
    """Between two looks."""
    stuck_after_s: Seconds = 120.0
    """How much longer a look may take."""
    paused: bool = False


class CassandraSourceSettings(Struct, frozen=True):
    """Kinds ``devices_from_cassandra`` and ``meters_from_cassandra``: a table of somebody else's keyspace."""

    name: ConnectorName
    kind: str
    keyspace: Keyspace
    table: TableName
    columns: dict[str, str]
    """Our column (docs/registry.md) by theirs: ``{ deveui = "dev_eui", model = "device_type" }``."""
    record: Literal[
        "", "device", "metering_point", "meter", "meter_at_point", "device_at_meter", "register_definition"
    ] = ""
    """Which kind of master data a row is; empty: ``device``, or ``meter`` with ``meters_from_cassandra``."""
    contact_points: list[Given] = field(default_factory=list)
    """Their cluster, with ``port``, ``local_dc`` and credentials; left out: ours, as ``[cassandra]`` says."""
    port: Port = 9_042
    local_dc: Given = "datacenter1"
    username: str = ""
    password_file: str = ""
    ca_file: str = ""
    server_name: str = ""
    every_s: Seconds = 60.0
    """Between two looks at the whole table."""
    memory_file: str = ""
    """Of devices: given, the table says who is in service. A device whose row is gone is out of service from then on,
    and back when it comes back; the file remembers who was there. Empty: what is gone changes nothing."""
    stuck_after_s: Seconds = 300.0
    """How much longer a look may take."""
    paused: bool = False


class CassandraSinkSettings(Struct, frozen=True):
    """Kinds ``…_to_cassandra``: results of one kind, into our keyspace."""

    name: ConnectorName
    kind: str
    group: str = ""
    """Consumer group; empty: that of the sinks, and the name."""
    stuck_after_s: Seconds = 120.0
    """How long records may wait without anything of them being stored."""
    paused: bool = False


class CsvSinkSettings(Struct, frozen=True):
    """Kinds ``…_to_csv``: results of one kind, into files, one for each day."""

    name: ConnectorName
    kind: str
    folder: Given
    most_mib: Annotated[int, Meta(ge=1, le=1_048_576)] = 256
    """A file of this size is followed by another one of its day."""
    group: str = ""
    """Consumer group; empty: that of the sinks, and the name."""
    stuck_after_s: Seconds = 120.0
    """How long records may wait without anything of them being stored."""
    paused: bool = False


ConnectorSettings = (
    UplinkConnectorSettings | CsvSourceSettings | CassandraSourceSettings | CassandraSinkSettings | CsvSinkSettings
)

SINKS = (CassandraSinkSettings, CsvSinkSettings)
KINDS: Mapping[str, type[ConnectorSettings]] = {
    "ttn_uplinks": UplinkConnectorSettings,
    "ttn_activations": UplinkConnectorSettings,
    "chirpstack": UplinkConnectorSettings,
    "registry_from_csv": CsvSourceSettings,
    "readings_from_csv": CsvSourceSettings,
    "devices_from_cassandra": CassandraSourceSettings,
    "meters_from_cassandra": CassandraSourceSettings,
    **{f"{subject}_to_cassandra": CassandraSinkSettings for subject in SUBJECTS},
    **{f"{subject}_to_csv": CsvSinkSettings for subject in SUBJECTS},
}
"""Every kind of connector by its name, which says whence and whereto."""


def subject_of(kind: str) -> str:
    """Return what a sink of ``kind`` is for: ``electricity`` of ``electricity_to_csv``."""
    return kind.partition("_to_")[0]
