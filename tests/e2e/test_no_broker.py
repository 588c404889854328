"""A network server that is not there or will not have us: one clear line, and the exit code that says which."""

from pathlib import Path

import pytest

from tests.e2e.command import Ended, command
from tests.e2e.platform import distributed_settings, embedded_settings, source
from tests.integration.mqtt.test_access import SWU, guarded
from tests.services.fixtures import MosquittoFactory
from tests.services.tls import ANOTHER_AUTHORITY, AUTHORITY, mosquitto_lines
from tools.services.address import CassandraAddress, KafkaAddress
from tools.services.ports import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

_TOPIC = "v3/swu@ulm/devices/+/up"


def run(folder: Path, settings: str) -> Ended:
    """Run the embedded platform with a source until it gives up."""
    config = folder / "stadtfunk.toml"
    config.write_text(embedded_settings(folder / "data", free_port()) + settings)
    return command("run", "--config", config)


def with_password(folder: Path, password: str) -> dict[str, object]:
    """Return the settings of user swu."""
    file = folder / "key.txt"
    file.write_text(password + "\n")
    return {"username": SWU["username"], "password_file": str(file)}


def test_no_broker_within_the_budget(tmp_path: Path) -> None:
    port = free_port()
    ended = run(tmp_path, source("127.0.0.1", port, _TOPIC, unreachable_budget_s=0.5))
    assert ended.code == 69
    assert ended.last_line == (
        f"mqtt://127.0.0.1:{port} was out of reach for 0.5 s: Connection refused;"
        " correct host and port, or start the broker"
    )


def test_a_wrong_password(mosquitto_factory: MosquittoFactory, tmp_path: Path) -> None:
    broker = guarded(mosquitto_factory, tmp_path)
    ended = run(tmp_path, source(broker.host, broker.port, _TOPIC, **with_password(tmp_path, "guess-4711")))
    assert ended.code == 2
    assert f"mqtt://127.0.0.1:{broker.port} refuses user 'swu'" in ended.last_line
    assert "check username and the password in password_file" in ended.last_line
    assert "guess-4711" not in ended.err + ended.out


def test_a_refused_topic_filter(mosquitto_factory: MosquittoFactory, tmp_path: Path) -> None:
    broker = guarded(mosquitto_factory, tmp_path)
    known = with_password(tmp_path, SWU["password"])
    ended = run(tmp_path, source(broker.host, broker.port, _TOPIC, "v3/others@ulm/devices/+/up", **known))
    assert ended.code == 2
    assert "does not let user 'swu' subscribe to 'v3/others@ulm/devices/+/up': correct topics" in ended.last_line


def test_tls_to_a_port_that_does_not_speak_it(mosquitto_factory: MosquittoFactory, tmp_path: Path) -> None:
    broker = mosquitto_factory()
    ended = run(tmp_path, source(broker.host, broker.port, _TOPIC, tls=True, unreachable_budget_s=0.5))
    assert ended.code == 69
    assert f"does port {broker.port} speak TLS?" in ended.last_line


def test_no_tls_to_a_port_that_speaks_it(mosquitto_factory: MosquittoFactory, tmp_path: Path) -> None:
    broker = mosquitto_factory(*mosquitto_lines())
    ended = run(tmp_path, source(broker.host, broker.port, _TOPIC, unreachable_budget_s=0.5))
    assert ended.code == 69
    assert f"does port {broker.port} need tls = true?" in ended.last_line


@pytest.mark.parametrize(
    "certificate, more, said",
    [
        ("localhost", {}, "of an authority unknown to the system (set ca_file)"),
        ("localhost", {"ca_file": ANOTHER_AUTHORITY}, "of an authority unknown to ca_file"),
        ("elsewhere", {"ca_file": AUTHORITY}, "its certificate is not for '127.0.0.1': correct host"),
        ("expired", {"ca_file": AUTHORITY}, "its certificate has expired"),
    ],
)
def test_a_certificate_that_cannot_be_trusted(
    mosquitto_factory: MosquittoFactory, tmp_path: Path, certificate: str, more: dict[str, object], said: str
) -> None:
    broker = mosquitto_factory(*mosquitto_lines(certificate))
    ended = run(tmp_path, source(broker.host, broker.port, _TOPIC, tls=True, **more))
    assert ended.code == 2
    assert said in ended.last_line


def test_something_else_than_a_broker(tmp_path: Path, kafka: KafkaAddress) -> None:
    host, _, port = kafka.bootstrap.partition(":")
    ended = run(tmp_path, source(host, int(port), _TOPIC, unreachable_budget_s=0.5))
    assert ended.code == 69
    assert f"mqtt://{kafka.bootstrap} was out of reach for 0.5 s" in ended.last_line


def test_one_of_two_sources_refused_ends_the_whole_with_its_reason(
    mosquitto_factory: MosquittoFactory, tmp_path: Path
) -> None:
    broker = guarded(mosquitto_factory, tmp_path)
    city = '[[sources]]\nkind = "simulated_city"\ndevices = 3\n'
    ended = run(tmp_path, city + source(broker.host, broker.port, _TOPIC))
    assert ended.code == 2
    assert "refuses a client without username" in ended.last_line


def test_the_role_that_ingests_says_the_same(
    tmp_path: Path, kafka: KafkaAddress, cassandra: CassandraAddress, migrated_name: str
) -> None:
    config = tmp_path / "stadtfunk.toml"
    settings = distributed_settings(migrated_name, free_port(), kafka, cassandra)
    config.write_text(settings + source("127.0.0.1", free_port(), _TOPIC, unreachable_budget_s=0.5))
    ended = command("ingest", "--config", config)
    assert ended.code == 69
    assert "was out of reach for 0.5 s: Connection refused" in ended.last_line


@pytest.mark.parametrize(
    "url, code, said",
    [
        ("mqtt://127.0.0.1:1", 69, "mqtt://127.0.0.1:1 was out of reach for 1 s: Connection refused"),
        ("mqtt://user:canary-7@127.0.0.1:1", 69, "mqtt://127.0.0.1:1 was out of reach"),
        ("tcp://user:canary-7@127.0.0.1:1", 2, "no address of a broker: mqtt://host:port"),
        ("127.0.0.1:1883", 2, "no address of a broker: mqtt://host:port"),
        ("mqtt://127.0.0.1:99999", 2, "no address of a broker: mqtt://host:port"),
    ],
)
def test_nobody_to_simulate_for(url: str, code: int, said: str) -> None:
    ended = command("simulate", "--mqtt", url, "--patience", 1, "--uplinks", 1)
    assert ended.code == code
    assert said in ended.last_line
    assert "canary" not in ended.err + ended.out
