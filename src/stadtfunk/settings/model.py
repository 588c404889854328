"""What can be set, with its default and its bounds; the docstring below a field is its documentation."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from domain.device import DeviceTypeRule
from stadtfunk.settings.broker import BrokerSettings
from stadtfunk.settings.connectors import ConnectorSettings
from stadtfunk.settings.data_classes import BucketSettings, CompactionSettings, Days, RetentionSettings, ShardSettings
from stadtfunk.settings.values import Given, Port

Count = Annotated[int, Meta(ge=1)]
Share = Annotated[float, Meta(ge=0.0, le=0.5)]
Fleet = Literal["electricity", "water", "parking", "lamps", "trackers", "ultrasonic"]
Whole = Annotated[float, Meta(ge=0.0, le=1.0)]
Name = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_-]{0,35}$")]
TopicName = Annotated[str, Meta(pattern="^[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,248}$")]
"""What Kafka takes (``org.apache.kafka.common.internals.Topic``); one dot or two alone are none, so none at first."""


class DataSettings(Struct, frozen=True):
    """``[data]``: where the embedded platform keeps everything."""

    folder: Given = "stadtfunk-data"
    raw_log_gb: Annotated[float, Meta(gt=0.0, le=1_000_000.0)] = 2.0
    """How much of the raw log is kept; the oldest messages go first."""


class GrpcSettings(Struct, frozen=True):
    """``[grpc]``: where city applications ask."""

    host: Given = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535)] = 50_051
    """0: any free port."""
    insecure: bool = False
    """Allow other than loopback addresses without TLS."""
    certificate_file: str = ""
    key_file: str = ""
    stop_grace_s: Annotated[float, Meta(ge=0.0, le=600.0)] = 5.0
    changes: Literal["local", "allowed", "refused"] = "local"
    """Who may register devices and import readings: ``local`` means whoever can ask, if that is this machine alone."""


class TopicNames(Struct, frozen=True):
    """``[kafka.topics]``: names of the topics."""

    uplinks: TopicName = "uplinks"
    observations: TopicName = "observations"
    device_states: TopicName = "device-states"
    devices: TopicName = "devices"
    registry: TopicName = "registry"
    radio_metadata: TopicName = "radio-metadata"
    positions: TopicName = "positions"
    activations: TopicName = "activations"
    loss_ledger: TopicName = "loss-ledger"
    dead_letters: TopicName = "dead-letters"
    device_memory: TopicName = "device-memory"
    connectors: TopicName = "connectors"
    backfill: TopicName = "backfill"


class KafkaSettings(Struct, frozen=True):
    """``[kafka]``: the log of the distributed platform."""

    bootstrap: Given = "127.0.0.1:9092"
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    username: str = ""
    password_file: str = ""
    ca_file: str = ""
    process_group: Given = "stadtfunk-process"
    sink_group: Given = "stadtfunk-sink"
    instance_id: str = ""
    """Static membership: the same after a restart (StatefulSet ordinal), so that it moves no partitions."""
    session_timeout_s: Annotated[int, Meta(ge=6, le=1_800)] = 45
    """Longer than a restart takes, so that it causes no rebalance."""
    partitions: Count = 8
    """Of every topic; fixed once created."""
    replication_factor: Count = 1
    retention_days: Count = 30
    """Of the raw log: what can be rebuilt."""
    topics: TopicNames = field(default_factory=TopicNames)


class CassandraSettings(Struct, frozen=True):
    """``[cassandra]``: the store of the distributed platform."""

    contact_points: Annotated[list[str], Meta(min_length=1)] = field(default_factory=lambda: ["127.0.0.1"])
    port: Port = 9_042
    local_dc: Given = "datacenter1"
    keyspace: Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,47}$")] = "stadtfunk"
    username: str = ""
    password_file: str = ""
    ca_file: str = ""
    """Given: TLS, with this authority."""
    server_name: str = ""
    """What the nodes' certificates are for, if not for their addresses."""
    replication_factor: Count = 1
    radio_metadata_days: Days = 30
    """From the uplink on; a row for each is the largest table, where a connector writes it. 0: for ever."""
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    compaction: CompactionSettings = field(default_factory=CompactionSettings)
    buckets: BucketSettings = field(default_factory=BucketSettings)
    shards: ShardSettings = field(default_factory=ShardSettings)


class LogSettings(Struct, frozen=True):
    """``[log]``: what the operator reads on standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    every_s: Annotated[float, Meta(gt=0.0, le=86_400.0)] = 10.0
    """How often a role says how it is going, where nobody looks at a live view."""


class TelemetrySettings(Struct, frozen=True):
    """``[telemetry]``: metrics by OpenTelemetry."""

    otlp_endpoint: str = ""
    """``http://collector:4317``; empty: none are sent."""
    every_s: Annotated[float, Meta(ge=1.0, le=86_400.0)] = 15.0


class RightsSettings(Struct, frozen=True):
    """``[rights]``: what a person who asks with these settings may do (docs/keys-in-payloads.md)."""

    raw_messages: bool = False
    """See messages as they came, with the keys that devices send."""


class DeadLetterSettings(Struct, frozen=True):
    """``[dead_letters]``: what becomes of messages that could not be used."""

    retention: RetentionSettings = field(default_factory=RetentionSettings)
    """Days after its receipt until a letter loses its bytes, by data class; 0: when it is settled."""


class ProcessSettings(Struct, frozen=True):
    """``[process]``: what is made of uplinks."""

    radio_metadata: bool = True
    """Which gateways heard each uplink, and how well; false: no record of it is written."""


class OutageSettings(Struct, frozen=True):
    """``[[losses.outages]]``: when frames of a source did not come through, and whose fault it was."""

    source: Name
    since: Given
    """RFC 3339."""
    until: Given
    """RFC 3339; up to but not this instant."""
    cause: Literal["ingest", "network"] = "ingest"
    """Ours (``ingest``), or the network server's and its gateways' (``network``)."""


class LossSettings(Struct, frozen=True):
    """``[losses]``: how lost frames are counted."""

    time_zone: Given = "Europe/Berlin"
    """Where days begin. Changed, it counts for frames from then on."""
    outages: tuple[OutageSettings, ...] = ()
    """What is missing during these is not booked to the radio; a row of the ledger is booked when it changes."""


class MqttSourceSettings(BrokerSettings, frozen=True, kw_only=True):
    """``[[sources]]`` of kind ``mqtt``: a network server's broker, or a broker of our own."""

    name: Name
    """The network server's name: counters are accounted per source; two bridges to one server share it."""
    kind: Literal["mqtt"] = "mqtt"
    network_server: Literal["tts", "ttn-v2", "chirpstack"] = "tts"
    """The Things Stack (v3), The Things Network v2, ChirpStack (v4, JSON)."""
    client_id: str = ""
    """Must be the same after a restart and belong to one process only; empty: made from the name, and from
    ``kafka.instance_id`` where several processes share these settings, for which ``{instance}`` stands too."""
    storage_url: str = ""
    """The Things Stack: ``https://eu1.cloud.thethings.network``, where its Storage Integration is asked for what never
    reached us (docs/backfill.md); empty: it is not."""
    storage_key_file: str = ""
    """A file with an API key that may read application traffic; empty: the one in ``password_file``."""
    storage_ca_file: str = ""
    """Authority of its certificate; empty: those of the system."""
    storage_applications: list[Given] = field(default_factory=list)
    """``application@tenant``, as in topics; left out: ``username``."""
    storage_retention_hours: Annotated[float, Meta(gt=0.0, le=87_600.0)] = 24.0
    """How long it keeps messages: 24 (The Things Network), 720 (The Things Stack Cloud)."""
    storage_overlap_s: Annotated[float, Meta(ge=0.0, le=3_600.0)] = 60.0
    """Asked for before and after an outage: what clocks may differ by."""
    storage_settle_s: Annotated[float, Meta(ge=0.0, le=3_600.0)] = 10.0
    """Until a message can be found there: it is written in batches."""
    storage_gaps_every_s: Annotated[float, Meta(ge=0.0, le=86_400.0)] = 300.0
    """How often gaps in counters are looked for; 0: never."""
    storage_requests_per_minute: Annotated[int, Meta(ge=1, le=6_000)] = 60
    """About gaps of single devices."""
    storage_messages_per_s: Annotated[float, Meta(gt=0.0, le=1_000_000.0)] = 500.0
    """Taken into our log at most, beside the live ones."""


class SimulatedCitySourceSettings(Struct, frozen=True):
    """``[[sources]]`` of kind ``simulated_city``: meters, spots, lamps and trackers that are not there."""

    name: Name = "city"
    kind: Literal["simulated_city"] = "simulated_city"
    devices: Count = 1_000
    rate: Annotated[float, Meta(ge=0.0)] = 200.0
    """Uplinks per second; 0: as fast as they are taken."""
    seed: int = 2018
    uplinks: Annotated[int, Meta(ge=0)] = 0
    """How many in all; 0: without end."""
    fleets: list[Fleet] = field(default_factory=list)
    """Which of them; left out: all, as far as there are devices."""
    network_servers: Annotated[list[Literal["tts", "chirpstack", "ttn-v2"]], Meta(min_length=1)] = field(
        default_factory=lambda: ["tts", "chirpstack", "ttn-v2"]
    )
    """What devices speak through, shared out evenly; each is a source of its own: ``city``, ``city-chirpstack`` …"""
    lost: Share = 0.02
    repeated: Share = 0.01
    late: Share = 0.01
    poison: Share = 0.005
    empty: Share = 0.005
    rejoins: Whole = 0.02
    """Share of sessions that end with a new join."""
    resets: Whole = 0.02
    """Share of devices that lose power now and then, and count from 0 again without a join."""
    exchanges: Whole = 0.05
    """Share of meters that are exchanged."""
    leaks: Whole = 0.3
    """Share of water meters behind which water runs for a while."""
    faults: Whole = 0.05
    """Share of lamps that fail for a while."""
    outages: Whole = 0.02
    """Share of the time in which three gateways hear nothing."""
    migrations: Whole = 0.02
    """Share of devices that move to the next network server."""
    truth_file: str = ""
    """Where to write what is true; empty: nowhere."""


class CodecSettings(Struct, frozen=True):
    """``[[codecs]]``: a vendor's script for a type of devices, before any codec of our own for it."""

    device_type: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_]{0,63}$")]
    script: Given
    """File with the JavaScript, unchanged (docs/ts013.md)."""
    mapping: Given
    """File (TOML) that says what the script's ``data`` mean."""
    name: Annotated[str, Meta(pattern="^([a-z0-9][a-z0-9_]{0,63})?$")] = ""
    """Of the codec, as it stands in every observation; empty: the device type and ``_js``."""
    version: Count = 1
    """To be raised when script or mapping change what the same bytes mean."""
    firmware: Given = "*"
    """Shell pattern of the firmware it reads."""
    valid_from: str = ""
    """RFC 3339 time of the first frame it is right for; empty: all."""
    variables: dict[str, str] = {}
    """What the script finds as ``input.variables``, beside the labels of the device."""

    @property
    def codec_name(self) -> str:
        """The codec's name."""
        return self.name or f"{self.device_type}_js"


SourceSettings = MqttSourceSettings | SimulatedCitySourceSettings


class Settings(Struct, frozen=True):
    """The whole file."""

    data: DataSettings = field(default_factory=DataSettings)
    grpc: GrpcSettings = field(default_factory=GrpcSettings)
    kafka: KafkaSettings = field(default_factory=KafkaSettings)
    cassandra: CassandraSettings = field(default_factory=CassandraSettings)
    log: LogSettings = field(default_factory=LogSettings)
    telemetry: TelemetrySettings = field(default_factory=TelemetrySettings)
    rights: RightsSettings = field(default_factory=RightsSettings)
    process: ProcessSettings = field(default_factory=ProcessSettings)
    losses: LossSettings = field(default_factory=LossSettings)
    dead_letters: DeadLetterSettings = field(default_factory=DeadLetterSettings)
    sources: tuple[SourceSettings, ...] = (SimulatedCitySourceSettings(),)
    device_types: tuple[DeviceTypeRule, ...] = ()
    codecs: tuple[CodecSettings, ...] = ()
    connectors: tuple[ConnectorSettings, ...] = ()
