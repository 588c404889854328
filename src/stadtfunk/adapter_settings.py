"""From the settings file to what each adapter takes."""

from typing import TypedDict

from msgspec.structs import replace

from adapters.cassandra.settings import ClusterSettings
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.topics import Topics
from adapters.mqtt.settings import MqttSettings
from adapters.simulated_city.fleets import FLEETS
from adapters.simulated_city.settings import SimulatedCitySettings
from adapters.ttn_storage.settings import StorageSettings
from application.backfill import Plan
from domain.device import DeviceTypeRule
from stadtfunk.loss_settings import loss_mistakes
from stadtfunk.script_codecs import codec_mistakes
from stadtfunk.settings import (
    BrokerSettings,
    CassandraSettings,
    CassandraSourceSettings,
    KafkaSettings,
    MqttSourceSettings,
    Settings,
    SimulatedCitySourceSettings,
    read_secret,
    topic_filters,
)

_US = 1_000_000


def mqtt_settings(source: MqttSourceSettings, instance: str = "") -> MqttSettings:
    """Return what the MQTT source takes; ``instance``: which of several processes with these settings this is."""
    return subscription(
        source,
        client_id=client_id(source, instance),
        source=source.name,
        network_server=source.network_server,
        topics=topic_filters(source),
    )


def subscription(
    broker: BrokerSettings, *, client_id: str, source: str, network_server: str, topics: tuple[str, ...]
) -> MqttSettings:
    """Return what a source of uplinks on ``broker`` takes, for whichever table names the broker."""
    return MqttSettings(
        **broker_of(broker),
        client_id=client_id,
        unreachable_budget_s=broker.unreachable_budget_s,
        source=source,
        network_server=network_server,
        topics=topics,
        qos=broker.qos,
    )


class Broker(TypedDict):
    """What every connection to a broker takes."""

    host: str
    port: int
    tls: bool
    ca_file: str
    username: str
    password: str


def broker_of(settings: BrokerSettings) -> Broker:
    """Return where the broker is, and who we are there."""
    return Broker(
        host=settings.host,
        port=settings.port,
        tls=settings.tls,
        ca_file=settings.ca_file,
        username=settings.username,
        password=read_secret(settings.password_file),
    )


def client_id(source: MqttSourceSettings, instance: str) -> str:
    """Return the name by which the broker knows us."""
    if source.client_id:
        return source.client_id.replace("{instance}", instance)
    return "-".join(part for part in ("stadtfunk", source.name, instance) if part)


def storage_settings(source: MqttSourceSettings) -> StorageSettings:
    """Return how the source's store of messages is asked."""
    return StorageSettings(
        url=source.storage_url,
        key=read_secret(source.storage_key_file or source.password_file),
        ca_file=source.storage_ca_file,
        source=source.name,
        applications=tuple(source.storage_applications) or (source.username,),
    )


def backfill_plan(source: MqttSourceSettings) -> Plan:
    """Return how gently."""
    return Plan(
        source=source.name,
        retention_us=int(source.storage_retention_hours * 3_600 * _US),
        overlap_us=int(source.storage_overlap_s * _US),
        settle_us=int(source.storage_settle_s * _US),
        gaps_every_us=int(source.storage_gaps_every_s * _US),
        requests_per_minute=source.storage_requests_per_minute,
        messages_per_s=source.storage_messages_per_s,
    )


def backfilled(settings: Settings) -> list[MqttSourceSettings]:
    """Return the sources whose store is asked for what did not come."""
    return [each for each in settings.sources if isinstance(each, MqttSourceSettings) and each.storage_url]


def city_settings(source: SimulatedCitySourceSettings) -> SimulatedCitySettings:
    """Return what the simulated city takes."""
    return SimulatedCitySettings(
        name=source.name,
        fleets=tuple(source.fleets) or tuple(FLEETS)[: source.devices],
        network_servers=tuple(source.network_servers),
        seed=source.seed,
        devices=source.devices,
        rate=source.rate,
        uplinks=source.uplinks,
        lost=source.lost,
        repeated=source.repeated,
        late=source.late,
        poison=source.poison,
        empty=source.empty,
        rejoins=source.rejoins,
        resets=source.resets,
        exchanges=source.exchanges,
        leaks=source.leaks,
        faults=source.faults,
        outages=source.outages,
        migrations=source.migrations if len(source.network_servers) > 1 else 0.0,
        truth_file=source.truth_file,
    )


def city_device_types(settings: Settings) -> list[DeviceTypeRule]:
    """Return what the devices of simulated cities are: The Things Network v2 does not say it."""
    if not any(isinstance(source, SimulatedCitySourceSettings) for source in settings.sources):
        return []
    return [DeviceTypeRule(fleet.device_type, fleet.application_id) for fleet in FLEETS.values()]


def mistakes_of(settings: Settings) -> list[str]:
    """Return what only the adapters know to be wrong with ``settings``."""
    of_sources = [
        f"source {source.name!r}: {mistake}"
        for source in settings.sources
        if isinstance(source, SimulatedCitySourceSettings)
        for mistake in city_settings(source).mistakes()
    ]
    return [*of_sources, *codec_mistakes(settings), *loss_mistakes(settings)]


def kafka_connection(kafka: KafkaSettings) -> KafkaConnection:
    """Return how Kafka is reached."""
    return KafkaConnection(
        bootstrap=kafka.bootstrap,
        client_id=f"stadtfunk-{kafka.instance_id}" if kafka.instance_id else "stadtfunk",
        security_protocol=kafka.security_protocol,
        username=kafka.username,
        password=read_secret(kafka.password_file),
        ca_file=kafka.ca_file,
    )


def kafka_topics(kafka: KafkaSettings) -> Topics:
    """Return the topics, by the names they have here."""
    names = kafka.topics
    return Topics(
        uplinks=names.uplinks,
        observations=names.observations,
        device_states=names.device_states,
        devices=names.devices,
        registry=names.registry,
        radio_metadata=names.radio_metadata,
        positions=names.positions,
        activations=names.activations,
        loss_ledger=names.loss_ledger,
        dead_letters=names.dead_letters,
        device_memory=names.device_memory,
        connectors=names.connectors,
        backfill=names.backfill,
        partitions=kafka.partitions,
        replication_factor=kafka.replication_factor,
        retention_days=kafka.retention_days,
    )


def cassandra_cluster(cassandra: CassandraSettings | CassandraSourceSettings) -> ClusterSettings:
    """Return how Cassandra is reached; with our keyspace, where it is ours."""
    cluster = ClusterSettings(
        contact_points=tuple(cassandra.contact_points),
        local_dc=cassandra.local_dc,
        port=cassandra.port,
        username=cassandra.username,
        password_file=cassandra.password_file,
        ca_file=cassandra.ca_file,
        server_name=cassandra.server_name,
    )
    return replace(cluster, keyspace=cassandra.keyspace) if isinstance(cassandra, CassandraSettings) else cluster
