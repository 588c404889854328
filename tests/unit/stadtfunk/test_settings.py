"""Settings: what is read, and what is said of mistakes."""

from pathlib import Path

import pytest

from stadtfunk.settings import (
    MqttSourceSettings,
    Settings,
    SettingsInvalid,
    SimulatedCitySourceSettings,
    read_settings,
)

_MQTT = """
[[sources]]
name = "swu"
host = "eu1.cloud.thethings.network"
topics = ["v3/swu@ttn/devices/+/up"]
"""


def read(tmp_path: Path, text: str, **environment: str) -> Settings:
    """Return the settings in ``text``."""
    file = tmp_path / "stadtfunk.toml"
    file.write_text(text)
    return read_settings(file, environment)


def mistakes(tmp_path: Path, text: str, **environment: str) -> list[str]:
    """Return what is said of ``text``."""
    with pytest.raises(SettingsInvalid) as refused:
        read(tmp_path, text, **environment)
    return refused.value.mistakes


def test_without_a_file_the_source_is_a_simulated_city() -> None:
    assert read_settings(None, {}).sources == (SimulatedCitySourceSettings(),)


def test_a_source_of_a_file_takes_the_place_of_the_simulated_city(tmp_path: Path) -> None:
    (source,) = read(tmp_path, _MQTT).sources
    assert isinstance(source, MqttSourceSettings)
    assert (source.port, source.tls, source.qos) == (8_883, True, 0)


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    settings = read(tmp_path, "[kafka]\npartitions = 4", STADTFUNK_KAFKA_PARTITIONS="16")
    assert settings.kafka.partitions == 16


def test_the_environment_gives_lists_by_commas() -> None:
    settings = read_settings(None, {"STADTFUNK_CASSANDRA_CONTACT_POINTS": "a.example, b.example"})
    assert settings.cassandra.contact_points == ["a.example", "b.example"]


def test_text_of_the_environment_needs_no_quotes() -> None:
    assert read_settings(None, {"STADTFUNK_KAFKA_BOOTSTRAP": "kafka:9092"}).kafka.bootstrap == "kafka:9092"


def test_a_variable_that_names_no_setting_is_a_mistake() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(None, {"STADTFUNK_KAFKA_BOOTSTARP": "x"})
    assert "STADTFUNK_KAFKA_BOOTSTARP" in refused.value.mistakes[0]


def test_variables_of_tests_and_benches_are_no_concern_of_the_product() -> None:
    assert read_settings(None, {"STADTFUNK_TEST_KAFKA": "x"}) == Settings()


def test_all_mistakes_are_named_at_once_each_with_place_value_and_remedy(tmp_path: Path) -> None:
    text = """
[grpc]
port = "fifty"
adress = "0.0.0.0"
[kafka]
partitions = 0
[kafkaa]
[[sources]]
kind = "mqtt"
name = "SWU"
topics = []
"""
    said = mistakes(tmp_path, text)
    assert any("grpc.port = 'fifty': expected int" in line for line in said)
    assert any("grpc.adress is unknown" in line for line in said)
    assert any("kafka.partitions = 0" in line for line in said)
    assert any("[kafkaa] is unknown: did you mean 'kafka'?" in line for line in said)
    assert any("sources[0].name = 'SWU'" in line for line in said)
    assert any("sources[0].host is missing" in line for line in said)
    assert any("sources[0].topics = []" in line for line in said)


@pytest.mark.parametrize(
    "lines,said",
    [
        ('topics = ["a/#/b"]\nname="x"\nhost="h"', "'#' may stand only alone at the end"),
        ('topics = ["a/b+/c"]\nname="x"\nhost="h"', "'+' must stand alone between slashes"),
        ('topics = ["a"]\nname="x"\nhost="h"\nusername="u"', "password_file is missing"),
        ('topics = ["a"]\nname="x"\nhost="h"\nqos=2', "sources[0].qos = 2"),
        ('kind = "ttn"', "sources[0].kind = 'ttn': one of mqtt, simulated_city expected"),
    ],
)
def test_a_wrong_source_is_named(tmp_path: Path, lines: str, said: str) -> None:
    assert any(said in line for line in mistakes(tmp_path, f"[[sources]]\n{lines}"))


def test_two_sources_of_one_name_are_a_mistake(tmp_path: Path) -> None:
    assert mistakes(tmp_path, _MQTT + _MQTT) == ["sources: the name 'swu' is given twice"]


def test_a_password_file_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    text = _MQTT + 'username = "swu@ttn"\npassword_file = "/nowhere/key"'
    assert mistakes(tmp_path, text) == [
        "sources[0].password_file = '/nowhere/key': cannot be read: No such file or directory"
    ]


def test_an_empty_password_file_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("\n")
    text = _MQTT + f'username = "swu@ttn"\npassword_file = "{tmp_path}/key"'
    assert "the file is empty" in mistakes(tmp_path, text)[0]


def test_an_unknown_device_type_is_a_mistake_that_names_the_known_ones(tmp_path: Path) -> None:
    said = mistakes(tmp_path, '[[device_types]]\ndevice_type = "bosch"')
    assert "bosch_tps110" in said[0]


def test_a_certificate_without_its_key_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "tls.crt").write_text("certificate")
    said = mistakes(tmp_path, f'[grpc]\ncertificate_file = "{tmp_path}/tls.crt"')
    assert said == ["grpc: certificate_file and key_file go together"]


def test_a_file_that_is_not_toml_is_one_clear_mistake(tmp_path: Path) -> None:
    assert "is not TOML" in mistakes(tmp_path, "[grpc\n")[0]


def test_a_file_that_is_not_there_is_one_clear_mistake(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(tmp_path / "none.toml", {})
    assert refused.value.mistakes == ["cannot be read: No such file or directory"]
