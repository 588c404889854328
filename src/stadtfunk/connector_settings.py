"""From ``[[connectors]]`` to what each adapter takes."""

from pathlib import Path

from adapters.csv.result_store import CsvSinkSettings as CsvSink
from adapters.csv.row_source import CsvSourceSettings as CsvSource
from adapters.mqtt.settings import MqttSettings, PublisherSettings
from adapters.ttn.canary_post import TtnCanarySettings
from stadtfunk.settings import CsvSinkSettings, CsvSourceSettings, UplinkConnectorSettings, read_secret
from stadtfunk.settings.connector_checks import client_id_of
from stadtfunk.settings.connector_topics import connector_topics, network_server
from stadtfunk.settings.connectors import subject_of

_CANARY_BUDGET_S = 5.0
"""A canary that cannot be sent is sent again soon; the source alone waits for the broker."""


def mqtt_source(connector: UplinkConnectorSettings) -> MqttSettings:
    """Return what the MQTT source takes."""
    return MqttSettings(
        host=connector.host,
        port=connector.port,
        tls=connector.tls,
        ca_file=connector.ca_file,
        username=connector.username,
        password=read_secret(connector.password_file),
        client_id=client_id_of(connector),
        unreachable_budget_s=connector.unreachable_budget_s,
        source=connector.source or connector.name,
        network_server=network_server(connector),
        topics=connector_topics(connector),
        qos=connector.qos,
    )


def canary_publisher(connector: UplinkConnectorSettings) -> PublisherSettings:
    """Return as whom canaries are published on the source's broker."""
    return PublisherSettings(
        host=connector.host,
        port=connector.port,
        tls=connector.tls,
        ca_file=connector.ca_file,
        username=connector.username,
        password=read_secret(connector.password_file),
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


def csv_sink(connector: CsvSinkSettings) -> CsvSink:
    """Return what the writer of CSV files takes."""
    return CsvSink(
        name=connector.name,
        what=subject_of(connector.kind),
        folder=Path(connector.folder),
        most_mib=connector.most_mib,
    )
