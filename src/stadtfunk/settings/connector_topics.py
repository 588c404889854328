"""What a connector for uplinks subscribes to, and which envelope comes there."""

from collections.abc import Mapping, Sequence

from stadtfunk.settings.connectors import UplinkConnectorSettings

_TOPICS: Mapping[str, Sequence[str]] = {
    "ttn_uplinks": ("v3/{application}/devices/+/up", "v3/{application}/devices/+/location/solved"),
    "ttn_activations": ("v3/{application}/devices/+/join",),
    "chirpstack": ("application/+/device/+/event/+",),
}


def connector_topics(connector: UplinkConnectorSettings) -> tuple[str, ...]:
    """Return the topic filters of ``connector``: its own, else those of its kind."""
    if connector.topics:
        return tuple(connector.topics)
    application = connector.application or connector.username or "+"
    return tuple(topic.format(application=application) for topic in _TOPICS[connector.kind])


def network_server(connector: UplinkConnectorSettings) -> str:
    """Return which envelope it is, as ``RawUplink.network_server`` says it."""
    return "chirpstack" if connector.kind == "chirpstack" else "tts"
