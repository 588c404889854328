"""Where each network server publishes what we read, for sources that do not say."""

from collections.abc import Mapping, Sequence

from stadtfunk.settings.model import MqttSourceSettings

_KINDS: Mapping[str, Sequence[str]] = {
    # {application} is the user of The Things Stack, application@tenant; on a broker of our own there may be several.
    "tts": (
        "v3/{application}/devices/+/up",
        "v3/{application}/devices/+/join",
        "v3/{application}/devices/+/location/solved",
    ),
    # not …/up/#, which also gives bare field values
    "ttn-v2": ("+/devices/+/up", "+/devices/+/events/activations"),
    "chirpstack": ("application/+/device/+/event/+",),
}


def topic_filters(source: MqttSourceSettings) -> tuple[str, ...]:
    """Return the topic filters of ``source``: its own, else those of its network server."""
    if source.topics:
        return tuple(source.topics)
    return tuple(kind.format(application=source.username or "+") for kind in _KINDS[source.network_server])
