"""``[[connectors]]``: what each kind takes, and all that is wrong with it at once."""

from pathlib import Path

import msgspec
import pytest

from adapters.kafka.topics import Topics
from stadtfunk.connector_settings import canary_publisher, connector_mistakes, mqtt_source, record_of
from stadtfunk.container.connectors import Connectors
from stadtfunk.container.distributed import Distributed
from stadtfunk.settings import (
    CassandraSinkSettings,
    CassandraSourceSettings,
    Settings,
    SettingsInvalid,
    UplinkConnectorSettings,
    read_settings,
)
from stadtfunk.settings.connector_checks import group_of
from stadtfunk.settings.connector_topics import connector_topics
from stadtfunk.settings.connectors import KINDS, SUBJECTS

_UPLINKS = '[[connectors]]\nname = "swu-water-ttn"\nkind = "ttn_uplinks"\nhost = "broker.example"\n'
_TABLE = '[[connectors]]\nname = "meters"\nkind = "meters_from_cassandra"\nkeyspace = "k"\ntable = "t"\n'
_SINK = '[[connectors]]\nname = "water"\nkind = "water_to_cassandra"\n'
_FILES = '[[connectors]]\nname = "in"\nkind = "registry_from_csv"\npath = "folder"\n'


def settings(tmp_path: Path, text: str) -> Settings:
    """Return the settings in ``text``."""
    file = tmp_path / "stadtfunk.toml"
    file.write_text(text)
    return read_settings(file, {}, mistakes_of=connector_mistakes)


def mistakes(tmp_path: Path, text: str) -> list[str]:
    """Return what is said of ``text``; nothing, if it will do."""
    try:
        settings(tmp_path, text)
    except SettingsInvalid as refused:
        return refused.mistakes
    return []


def an_uplink_connector(**changes: object) -> UplinkConnectorSettings:
    """Return one for the uplinks of an application."""
    chosen: dict[str, object] = {"name": "swu-water-ttn", "kind": "ttn_uplinks", "host": "broker.example", **changes}
    return UplinkConnectorSettings(**chosen)  # type: ignore[arg-type]  # each test names what it is about


def test_without_any_word_of_connectors_there_are_none(tmp_path: Path) -> None:
    assert settings(tmp_path, "").connectors == ()


@pytest.mark.parametrize(
    "text, expected",
    [
        (_UPLINKS.replace("ttn_uplinks", "ttn_uplink"), "connectors[0].kind = 'ttn_uplink': did you mean"),
        (_UPLINKS.replace("ttn_uplinks", "webhook"), "connectors[0].kind = 'webhook': one of ttn_uplinks"),
        ('[[connectors]]\nname = "a"\n', "connectors[0].kind is missing"),
        (_UPLINKS.replace("swu-water-ttn", "SWU Water"), "connectors[0].name = 'SWU Water': "),
        (_UPLINKS + "colour = 1\n", "connectors[0].colour is unknown: "),
        (_UPLINKS.replace("broker", "mqtt://broker"), "connectors[0].host = 'mqtt://broker.example': "),
        (_UPLINKS + 'username = "app@ttn"\n', "connectors[0].password_file is missing: username 'app@ttn' needs one"),
        (_UPLINKS + 'ca_file = "no.pem"\n', "connectors[0].ca_file = 'no.pem': there is no such file"),
        (_UPLINKS + "topics = []\n", "connectors[0].topics = []: "),
        (_UPLINKS + 'topics = ["v3/#/up"]\n', "connectors[0].topics: 'v3/#/up' is no MQTT topic filter: "),
        (
            _UPLINKS + 'application = "water@ulm"\ntopics = ["v3/+/devices/+/up", "v3/wasser@ulm/devices/+/up"]\n',
            "connectors[0].topics: 'v3/wasser@ulm/devices/+/up' is not of application = 'water@ulm': correct one",
        ),
        (_UPLINKS + 'topics = ["v3/a"]\ncanary = "publish"\n', "connectors[0].canary = 'publish': 'v3/a' has no wild"),
        (
            _UPLINKS.replace("ttn_uplinks", "chirpstack") + 'canary = "simulate"\n',
            "connectors[0].canary = 'simulate': only The Things Stack",
        ),
        (
            _UPLINKS + 'canary_url = "https://tts.example"\n',
            "connectors[0].canary_url has no effect with canary = 'off'",
        ),
        (
            _UPLINKS + 'canary = "simulate"\ncanary_url = "http://tts.example"\n',
            "connectors[0].canary_url = 'http://tts.example': https:// expected: the key would be open",
        ),
        (
            _TABLE + 'columns = { no = "meter_id" }\nca_file = "ca.pem"\n',
            "connectors[0].contact_points is missing: ca_file without effect",
        ),
        (_UPLINKS + _SINK + _SINK, "connectors[2].name = 'water': connectors[1] has it already"),
        (_SINK + 'group = "stadtfunk-sink"\n', "connectors[0].group = 'stadtfunk-sink': the role of [kafka] has it"),
        (
            _UPLINKS + 'client_id = "x"\n' + _UPLINKS.replace("-ttn", "-2") + 'client_id = "x"\n',
            "connectors[1].client_id = 'x': connectors[0] has it already",
        ),
        (_TABLE + "columns = {}\n", "connectors[0].columns is empty: "),
        (_TABLE + 'columns = { no = "metre" }\n', "connector 'meters': columns: column 'metre' means nothing"),
        (
            _TABLE + 'columns = { no = "meter_id" }\nmemory_file = "seen.json"\n',
            "connectors[0].memory_file: only devices are in service or not",
        ),
        (
            _TABLE.replace("meters_", "devices_") + 'columns = { no = "dev_eui" }\nmemory_file = "no/seen.json"\n',
            "connectors[0].memory_file = 'no/seen.json': there is no such folder",
        ),
        (
            _SINK.replace("water_", "radio_metadata_") + "[process]\nradio_metadata = false\n",
            "connectors[0].kind = 'radio_metadata_to_cassandra': process.radio_metadata = false",
        ),
        (_FILES + 'record = "devics"\n', "connector 'in': record = 'devics': one of "),
        (_FILES + _FILES.replace('"in"', '"in2"'), "connectors[1].path = 'folder': connectors[0] has it already"),
        (
            _FILES + '[[connectors]]\nname = "out"\nkind = "water_to_csv"\nfolder = "folder"\n',
            "connectors[0].path = 'folder': connectors[1] writes there",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place_its_value_and_what_to_do(tmp_path: Path, text: str, expected: str) -> None:
    assert any(each.startswith(expected) for each in mistakes(tmp_path, text)), mistakes(tmp_path, text)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    text = _UPLINKS + "qos = 2\nport = 0\n" + _SINK + "paused = 1\n" + _TABLE
    found = mistakes(tmp_path, text)
    assert [each.partition(" = ")[0].partition(" is ")[0] for each in found] == [
        "connectors[0].port",
        "connectors[0].qos",
        "connectors[1].paused",
        "connectors[2].columns",
    ]


def test_sinks_may_share_a_folder(tmp_path: Path) -> None:
    sinks = [f'[[connectors]]\nname = "{each}"\nkind = "{each}_to_csv"\nfolder = "out"\n' for each in ("gas", "heat")]
    assert mistakes(tmp_path, "".join(sinks)) == []


@pytest.mark.parametrize(
    "kind, topics",
    [
        ("ttn_uplinks", ("v3/swu-water@ttn/devices/+/up", "v3/swu-water@ttn/devices/+/location/solved")),
        ("ttn_activations", ("v3/swu-water@ttn/devices/+/join",)),
        ("chirpstack", ("application/+/device/+/event/+",)),
    ],
)
def test_each_kind_of_uplinks_subscribes_to_its_own(kind: str, topics: tuple[str, ...]) -> None:
    assert connector_topics(an_uplink_connector(kind=kind, username="swu-water@ttn")) == topics
    assert connector_topics(an_uplink_connector(kind=kind, topics=["own/#"])) == ("own/#",)


def test_uplinks_and_activations_of_an_application_share_a_source_and_no_client_id() -> None:
    both = [
        mqtt_source(an_uplink_connector(name=name, kind=kind, source="swu-water"))
        for name, kind in (("swu-water-ttn", "ttn_uplinks"), ("swu-water-ttn-activations", "ttn_activations"))
    ]
    assert {each.source for each in both} == {"swu-water"}
    assert len({each.client_id for each in both}) == 2


def test_canaries_are_sent_by_a_client_of_their_own() -> None:
    connector = an_uplink_connector()
    assert canary_publisher(connector).client_id != mqtt_source(connector).client_id


def test_each_sink_goes_on_by_itself() -> None:
    sinks = [CassandraSinkSettings(name, "water_to_cassandra") for name in ("a", "b")]
    assert len({group_of(Settings(), each) for each in sinks}) == 2


def test_a_foreign_table_holds_what_its_kind_says_or_what_is_said_of_it() -> None:
    table = CassandraSourceSettings("t", "meters_from_cassandra", "k", "t", {})
    assert record_of(table) == "meter"
    assert record_of(CassandraSourceSettings("t", "devices_from_cassandra", "k", "t", {})) == "device"
    assert record_of(CassandraSourceSettings("t", "meters_from_cassandra", "k", "t", {}, record="device_at_meter")) == (
        "device_at_meter"
    )


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_subject_has_topics_to_be_read_from(subject: str) -> None:
    assert Topics().read_for(subject)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_made_and_touches_nothing_before_it_is_opened(kind: str, tmp_path: Path) -> None:
    more: dict[str, object] = {
        "host": "broker.example",
        "path": str(tmp_path / "in"),
        "folder": str(tmp_path / "out"),
        "keyspace": "k",
        "table": "t",
        "columns": {"no": "meter"},
    }
    fields = set(KINDS[kind].__struct_fields__)
    given = {name: value for name, value in more.items() if name in fields}
    connector = msgspec.convert({"name": "one", "kind": kind, **given}, KINDS[kind])
    made = Connectors(Distributed(settings=Settings(connectors=(connector,)))).supervised(connector)
    assert (made.name, made.kind, made.progress.state) == ("one", kind, "UNASSIGNED")
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_paused_says_so_from_the_beginning() -> None:
    connector = CassandraSinkSettings("one", "water_to_cassandra", paused=True)
    made = Connectors(Distributed(settings=Settings())).supervised(connector)
    assert made.progress.state == "PAUSED"
