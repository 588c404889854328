"""Where a source listens that does not say where."""

import pytest

from stadtfunk.settings import MqttSourceSettings, topic_filters
from stadtfunk.settings.broker import mistake_of_filter


@pytest.mark.parametrize(
    "source, filters",
    [
        (
            MqttSourceSettings(name="ttn", host="broker", username="meters@ttn"),
            (
                "v3/meters@ttn/devices/+/up",
                "v3/meters@ttn/devices/+/join",
                "v3/meters@ttn/devices/+/location/solved",
            ),
        ),
        (
            MqttSourceSettings(name="ours", host="broker"),
            ("v3/+/devices/+/up", "v3/+/devices/+/join", "v3/+/devices/+/location/solved"),
        ),
        (
            MqttSourceSettings(name="old", host="broker", network_server="ttn-v2"),
            ("+/devices/+/up", "+/devices/+/events/activations"),
        ),
        (
            MqttSourceSettings(name="cs", host="broker", network_server="chirpstack"),
            ("application/+/device/+/event/+",),
        ),
        (MqttSourceSettings(name="own", host="broker", topics=["city/lorawan"]), ("city/lorawan",)),
    ],
    ids=lambda value: value.name if isinstance(value, MqttSourceSettings) else "",
)
def test_each_network_server_has_its_own_topics(source: MqttSourceSettings, filters: tuple[str, ...]) -> None:
    assert topic_filters(source) == filters
    assert not any(mistake_of_filter(each) for each in filters)
