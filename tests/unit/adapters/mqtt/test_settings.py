"""Settings of brokers, subscriptions and publishers."""

import msgspec
import pytest

from adapters.mqtt.settings import MqttSettings, PublisherSettings
from application.errors import Refused

GIVEN = {"host": "eu1.cloud.thethings.network", "client_id": "c", "source": "swu", "network_server": "tts"}


def test_tls_is_the_default() -> None:
    settings = msgspec.convert({**GIVEN, "topics": ["t"]}, MqttSettings)
    assert settings.address == "mqtts://eu1.cloud.thethings.network:8883"


def test_a_secret_is_never_shown() -> None:
    settings = msgspec.convert({**GIVEN, "topics": ["t"], "username": "app@ulm", "password": "NNSXS.key"}, MqttSettings)
    assert "NNSXS" not in f"{settings} {settings!r}"


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"qos": 2}, r"qos = 2: 0 or 1 expected"),
        ({"topics": []}, "at least one topic filter expected"),
        ({"client_id": ""}, "client_id must be given"),
    ],
)
def test_what_cannot_work_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=message):
        msgspec.convert({**GIVEN, "topics": ["t"], **changes}, MqttSettings)


@pytest.mark.parametrize(
    "url, address, username, password",
    [
        ("mqtt://127.0.0.1:30001", "mqtt://127.0.0.1:30001", "", ""),
        ("mqtt://localhost", "mqtt://localhost:1883", "", ""),
        ("mqtts://user:p%40ss@broker.ulm", "mqtts://broker.ulm:8883", "user", "p@ss"),
        ("mqtt://[::1]:1883/", "mqtt://[::1]:1883", "", ""),
    ],
)
def test_a_publisher_is_told_its_broker_by_a_url(url: str, address: str, username: str, password: str) -> None:
    settings = PublisherSettings.at(url, client_id="c")
    assert (settings.address, settings.username, settings.password) == (address, username, password)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:1883",
        "http://u:hush@h:1",
        "mqtt://",
        "mqtt://u:hush@h:99999",
        "mqtt://h/topic",
        "mqtt://[u:hush@h",
    ],
)
def test_what_is_no_address_of_a_broker_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(Refused, match="no address of a broker") as caught:
        PublisherSettings.at(url, client_id="c")
    assert "hush" not in caught.value.message
