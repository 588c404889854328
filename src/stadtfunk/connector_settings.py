"""From ``[[connectors]]`` to what each adapter takes."""

from collections.abc import Iterator
from pathlib import Path

from adapters.cassandra.settings import CassandraSourceSettings as CassandraSource
from adapters.csv.result_store import CsvSinkSettings as CsvSink
from adapters.csv.row_meaning import RowMeaning
from adapters.csv.row_source import CsvSourceSettings as CsvSource
from adapters.mqtt.settings import MqttSettings, PublisherSettings
from adapters.ttn.canary_post import TtnCanarySettings
from application.errors import Refused
from application.record_merge import KINDS
from stadtfunk.adapter_settings import broker_of, cassandra_cluster, subscription
from stadtfunk.settings import (
    CassandraSettings,
    CassandraSourceSettings,
    CsvSinkSettings,
    CsvSourceSettings,
    Settings,
    UplinkConnectorSettings,
    read_secret,
)
from stadtfunk.settings.connector_checks import client_id_of
from stadtfunk.settings.connector_topics import connector_topics, network_server
from stadtfunk.settings.connectors import subject_of

_CANARY_BUDGET_S = 5.0
"""A canary that cannot be sent is sent again soon; the source alone waits for the broker."""


def mqtt_source(connector: UplinkConnectorSettings) -> MqttSettings:
    """Return what the MQTT source takes."""
    return subscription(
        connector,
        client_id=client_id_of(connector),
        source=connector.source or connector.name,
        network_server=network_server(connector),
        topics=connector_topics(connector),
    )


def canary_publisher(connector: UplinkConnectorSettings) -> PublisherSettings:
    """Return as whom canaries are published on the source's broker."""
    return PublisherSettings(
        **broker_of(connector),
        client_id=f"{client_id_of(connector)}-canary",
        unreachable_budget_s=_CANARY_BUDGET_S,
        qos=1,
    )


def ttn_canary(connector: UplinkConnectorSettings) -> TtnCanarySettings:
    """Return of which application uplinks are simulated."""
    return TtnCanarySettings(
        url=connector.canary_url or f"https://{connector.host}",
        application=connector.application or connector.username,
        api_key=read_secret(connector.password_file),
        ca_file=connector.ca_file,
    )


def csv_source(connector: CsvSourceSettings) -> CsvSource:
    """Return what the source of CSV files takes."""
    return CsvSource(
        name=connector.name,
        what="readings" if connector.kind == "readings_from_csv" else connector.record,
        path=Path(connector.path),
        pattern=connector.pattern,
        finished=connector.finished,
        settle_s=connector.settle_s,
        look_s=connector.every_s,
    )


def record_of(connector: CassandraSourceSettings) -> str:
    """Return which kind of master data the rows of a foreign table are."""
    return connector.record or {"devices_from_cassandra": "device"}.get(connector.kind, "meter")


def cassandra_source(connector: CassandraSourceSettings, ours: CassandraSettings) -> CassandraSource:
    """Return what the source of a foreign table takes; without a cluster of its own it is in ours."""
    return CassandraSource(
        cluster=cassandra_cluster(connector if connector.contact_points else ours),
        keyspace=connector.keyspace,
        table=connector.table,
        columns=connector.columns,
        every_s=connector.every_s,
        memory=Path(connector.memory_file) if connector.memory_file else None,
    )


def csv_sink(connector: CsvSinkSettings) -> CsvSink:
    """Return what the writer of CSV files takes."""
    return CsvSink(
        name=connector.name,
        what=subject_of(connector.kind),
        folder=Path(connector.folder),
        most_mib=connector.most_mib,
    )


def connector_mistakes(settings: Settings) -> Iterator[str]:
    """Yield what only the adapters know to be wrong with the connectors of ``settings``."""
    for each in settings.connectors:
        if isinstance(each, CsvSourceSettings) and each.kind == "registry_from_csv" and each.record not in KINDS:
            known = ", ".join(sorted(KINDS))
            yield f"connector {each.name!r}: record = {each.record!r}: one of {known} expected"
        if isinstance(each, CassandraSourceSettings) and each.columns:
            try:
                RowMeaning(record_of(each)).check(list(each.columns.values()))
            except Refused as error:
                yield f"connector {each.name!r}: columns: {error.message.removeprefix('the header: ')}"
