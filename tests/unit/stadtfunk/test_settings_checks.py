"""Mistakes that no single field shows, and all of them at once."""

from pathlib import Path

import pytest

from stadtfunk.adapter_settings import mistakes_of
from stadtfunk.settings import SettingsInvalid, read_settings

_MQTT = '[[sources]]\nname = "swu"\nhost = "broker.example"\ntopics = ["up"]\n'


def mistakes(tmp_path: Path, text: str, **environment: str) -> list[str]:
    """Return what is said of ``text``; nothing, if it will do."""
    file = tmp_path / "stadtfunk.toml"
    file.write_text(text)
    try:
        read_settings(file, environment, mistakes_of=mistakes_of)
    except SettingsInvalid as refused:
        return refused.mistakes
    return []


@pytest.mark.parametrize("host", ["eu1.cloud.thethings.network", "127.0.0.1", "::1", "broker", "bröker.example"])
def test_a_name_or_an_address_is_a_host(tmp_path: Path, host: str) -> None:
    assert mistakes(tmp_path, _MQTT.replace("broker.example", host)) == []


@pytest.mark.parametrize("host", ["mqtts://broker", "broker:1883", "user@broker", "bro ker", "a\\u0000b", "1::2::3"])
def test_anything_around_a_host_is_a_mistake(tmp_path: Path, host: str) -> None:
    (mistake,) = mistakes(tmp_path, _MQTT.replace("broker.example", host))
    assert mistake.startswith("sources[0].host = ")
    assert "a name or address alone expected" in mistake


@pytest.mark.parametrize("servers", ["kafka:9092", "a:1,b:2", "a:1, b:2", "[::1]:9092", "127.0.0.1:65535"])
def test_kafka_is_named_by_hosts_and_ports(tmp_path: Path, servers: str) -> None:
    assert mistakes(tmp_path, f'[kafka]\nbootstrap = "{servers}"') == []


@pytest.mark.parametrize(
    "servers", ["kafka", "kafka:", ":9092", "kafka:x", "kafka:0", "a:1,,b:2", "a:1;b:2", "k:99999"]
)
def test_other_names_of_kafka_are_a_mistake(tmp_path: Path, servers: str) -> None:
    (mistake,) = mistakes(tmp_path, f'[kafka]\nbootstrap = "{servers}"')
    assert mistake.startswith(f"kafka.bootstrap = {servers!r}: ")
    assert mistake.endswith("is not host:port")


@pytest.mark.parametrize("url", ["http://collector:4317", "https://10.0.0.1:4317", "http://[::1]:4317"])
def test_a_collector_is_a_url(tmp_path: Path, url: str) -> None:
    assert mistakes(tmp_path, f'[telemetry]\notlp_endpoint = "{url}"') == []


@pytest.mark.parametrize(
    "url", ["collector:4317", "http://collector", "grpc://collector:4317", "http://c:x", "http://:1"]
)
def test_another_collector_is_a_mistake(tmp_path: Path, url: str) -> None:
    (mistake,) = mistakes(tmp_path, f'[telemetry]\notlp_endpoint = "{url}"')
    assert "http://host:port or https://host:port expected" in mistake


@pytest.mark.parametrize(
    "text, said",
    [
        ('[grpc]\nhost = "http://0.0.0.0"', "grpc.host = 'http://0.0.0.0'"),
        ('[cassandra]\ncontact_points = ["a", "b:9042"]', "cassandra.contact_points: 'b:9042'"),
        ('[cassandra]\nusername = "u"', "cassandra.password_file is missing"),
        ('[kafka]\nsecurity_protocol = "SASL_SSL"', "kafka.username is missing"),
        ('[kafka]\nsink_group = "stadtfunk-process"', "process_group and sink_group are both 'stadtfunk-process'"),
        ('[kafka.topics]\npositions = "x"\ndevices = "x"', "the name 'x' is given twice"),
        ('[kafka.topics]\nuplinks = "a b"', "kafka.topics.uplinks = 'a b'"),
        ('[kafka.topics]\nuplinks = ".."', "kafka.topics.uplinks = '..'"),
        ("[data]\nraw_log_gb = inf", "data.raw_log_gb = inf"),
        ("[log]\nevery_s = nan", "log.every_s = nan"),
        (f'{_MQTT}topics = ["\\u0000"]'.replace('topics = ["up"]\n', ""), "no NUL expected"),
        (f'{_MQTT}ca_file = "{__file__}"\ntls = false', "ca_file has no effect with tls = false"),
        (f'{_MQTT}password_file = "{__file__}"', "username is missing: password_file has no effect without"),
        (
            '[[sources]]\nkind = "simulated_city"\nlost = 0.5\nlate = 0.5\nrepeated = 0.5',
            "source 'city': lost, repeated",
        ),
        (
            '[[sources]]\nkind = "simulated_city"\ndevices = 1\nfleets = ["water", "lamps"]',
            "source 'city': devices = 1: at least one for each of the 2 fleets",
        ),
        ("sources = []", "at least one [[sources]] expected"),
        ("sources = 5", "sources: a list of tables expected, written as [[sources]]"),
        ("grpc = 5", "grpc = 5: a table expected, written as [grpc]"),
    ],
)
def test_a_mistake_is_named_once(tmp_path: Path, text: str, said: str) -> None:
    (mistake,) = mistakes(tmp_path, text)
    assert said in mistake


def test_a_name_without_sasl_would_not_be_told_to_anybody(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret")
    (mistake,) = mistakes(tmp_path, f'[kafka]\nusername = "u"\npassword_file = "{tmp_path}/key"')
    assert mistake.startswith("kafka.username has no effect with security_protocol 'PLAINTEXT'")


def test_an_authority_without_tls_would_not_be_asked(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("PEM")
    (mistake,) = mistakes(tmp_path, f'[kafka]\nca_file = "{tmp_path}/ca.pem"')
    assert mistake.startswith("kafka.ca_file has no effect with security_protocol 'PLAINTEXT'")


_TABLE_OF_OTHERS = """
[[connectors]]
name = "n"
kind = "devices_from_cassandra"
keyspace = "k"
table = "t"
contact_points = ["db"]
columns = { no = "dev_eui" }
"""


@pytest.mark.parametrize("table", ["[cassandra]", _TABLE_OF_OTHERS], ids=["ours", "theirs"])
def test_the_name_in_a_certificate_without_tls_would_not_be_looked_at(tmp_path: Path, table: str) -> None:
    (mistake,) = mistakes(tmp_path, f'{table}\nserver_name = "cassandra.ulm"')
    assert mistake.endswith("server_name has no effect without TLS: set ca_file, or remove it")


def test_mistakes_in_one_table_hide_none_in_it_or_in_others(tmp_path: Path) -> None:
    text = f"""
[kafka]
partitions = "many"
bootstrap = "nowhere"
[kafka.topics]
uplinks = 7
[grpc]
key_file = "/nowhere"
[[sources]]
name = "no host"
topics = ["a/#/b"]
{_MQTT}username = "u"
[[device_types]]
device_type = "x"
colour = "red"
"""
    said = mistakes(tmp_path, text)
    for expected in (
        "kafka.partitions = 'many'",
        "kafka.bootstrap = 'nowhere'",
        "kafka.topics.uplinks = 7",
        "grpc.key_file = '/nowhere'",
        "grpc: certificate_file and key_file go together",
        "sources[0].name = 'no host'",
        "sources[0].host is missing",
        "sources[1].password_file is missing",
        "device_types[0].colour is unknown",
        "device_types[0].device_type = 'x'",
    ):
        assert sum(mistake.startswith(expected) for mistake in said) == 1, expected
    assert len(said) == 10


def test_text_from_the_environment_stays_text() -> None:
    settings = read_settings(None, {"STADTFUNK_KAFKA_INSTANCE_ID": "0", "STADTFUNK_KAFKA_PROCESS_GROUP": "true"})
    assert (settings.kafka.instance_id, settings.kafka.process_group) == ("0", "true")


def test_numbers_and_truths_from_the_environment_are_read() -> None:
    settings = read_settings(None, {"STADTFUNK_GRPC_PORT": "1", "STADTFUNK_GRPC_INSECURE": "true"})
    assert (settings.grpc.port, settings.grpc.insecure) == (1, True)


def test_what_kubernetes_tells_of_a_service_of_our_name_is_no_setting() -> None:
    told = {
        "STADTFUNK_SERVICE_HOST": "10.0.0.1",
        "STADTFUNK_SERVICE_PORT_GRPC": "50051",
        "STADTFUNK_PORT": "tcp://10.0.0.1:50051",
        "STADTFUNK_PORT_50051_TCP_ADDR": "10.0.0.1",
    }
    assert read_settings(None, told) == read_settings(None, {})
