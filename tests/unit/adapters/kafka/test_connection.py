"""How to reach Kafka: what aiokafka is told, and what nobody is shown."""

from pathlib import Path

import pytest

from adapters.kafka.connection import KafkaConnection
from application.errors import Refused

CANARY = "canary-7261"


def test_without_more_it_is_plain_text_to_every_address() -> None:
    arguments = KafkaConnection(bootstrap="a:1, b:2", client_id="me").arguments()
    assert arguments == {"bootstrap_servers": ["a:1", "b:2"], "client_id": "me", "security_protocol": "PLAINTEXT"}


def test_a_password_is_given_to_the_broker_only() -> None:
    connection = KafkaConnection(
        bootstrap="a:1", security_protocol="SASL_PLAINTEXT", username="processor", password=CANARY
    )
    arguments = connection.arguments()
    assert arguments["sasl_plain_password"] == CANARY
    assert arguments["sasl_plain_username"] == "processor"
    assert arguments["sasl_mechanism"] == "SCRAM-SHA-512"
    assert CANARY not in repr(connection)
    assert CANARY not in str(connection)
    assert CANARY not in f"{[connection]}"


def test_tls_asks_for_a_certificate_that_fits_the_host() -> None:
    context = KafkaConnection(bootstrap="a:1", security_protocol="SSL").arguments()["ssl_context"]
    assert context.check_hostname  # type: ignore[attr-defined]  # an SSLContext among objects
    assert context.minimum_version.name == "TLSv1_2"  # type: ignore[attr-defined]  # likewise


@pytest.mark.parametrize("protocol", ["SSL", "SASL_SSL"])
def test_an_authority_that_cannot_be_read_is_named_and_nothing_goes_in_plain_text(
    protocol: str, tmp_path: Path
) -> None:
    connection = KafkaConnection(bootstrap="a:1", security_protocol=protocol, ca_file=str(tmp_path / "ca.pem"))
    with pytest.raises(Refused, match=r"kafka\.ca_file '.*ca\.pem' cannot be used"):
        connection.arguments()


def test_a_certificate_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.pem"
    path.write_text("no certificate")
    connection = KafkaConnection(bootstrap="a:1", security_protocol="SSL", certificate_file=str(path))
    with pytest.raises(Refused, match=r"kafka\.certificate_file '.*own\.pem' or its key cannot be used"):
        connection.arguments()
