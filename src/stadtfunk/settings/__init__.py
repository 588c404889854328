"""Settings: one TOML file, overridden by the environment; all mistakes are named at once."""

from stadtfunk.settings.broker import BrokerSettings
from stadtfunk.settings.connectors import (
    CassandraSinkSettings,
    CassandraSourceSettings,
    ConnectorSettings,
    CsvSinkSettings,
    CsvSourceSettings,
    UplinkConnectorSettings,
)
from stadtfunk.settings.model import (
    CassandraSettings,
    CodecSettings,
    DataSettings,
    GrpcSettings,
    KafkaSettings,
    LogSettings,
    LossSettings,
    MqttSourceSettings,
    OutageSettings,
    RightsSettings,
    Settings,
    SimulatedCitySourceSettings,
    SourceSettings,
    TelemetrySettings,
)
from stadtfunk.settings.read import SettingsInvalid, as_they_are, read_settings
from stadtfunk.settings.secret import read_secret
from stadtfunk.settings.topic_filters import topic_filters

__all__ = [
    "BrokerSettings",
    "CassandraSettings",
    "CassandraSinkSettings",
    "CassandraSourceSettings",
    "CodecSettings",
    "ConnectorSettings",
    "CsvSinkSettings",
    "CsvSourceSettings",
    "DataSettings",
    "GrpcSettings",
    "KafkaSettings",
    "LogSettings",
    "LossSettings",
    "MqttSourceSettings",
    "OutageSettings",
    "RightsSettings",
    "Settings",
    "SettingsInvalid",
    "SimulatedCitySourceSettings",
    "SourceSettings",
    "TelemetrySettings",
    "UplinkConnectorSettings",
    "as_they_are",
    "read_secret",
    "read_settings",
    "topic_filters",
]
