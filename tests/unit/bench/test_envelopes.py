"""What reading an uplink costs: of every network server there is one, and it is read."""

from bench.envelopes import uplink_of, work
from domain.radio import Unreadable
from stadtfunk.container.core import Core
from stadtfunk.settings import Settings

SERVERS = ("tts", "chirpstack", "ttn-v2")


def test_every_network_server_has_an_uplink_that_is_read() -> None:
    reader = Core(settings=Settings()).reader()
    assert not any(isinstance(reader.read(uplink_of(server)), Unreadable) for server in SERVERS)


def test_each_is_measured_whole_and_where_we_know_its_fields_also_as_json_alone() -> None:
    measured = work({server: uplink_of(server) for server in SERVERS})
    assert set(measured) == {
        *("chirpstack, msgspec alone", "chirpstack, read whole"),
        *("tts, msgspec alone", "tts, read whole"),
        "ttn-v2, read whole",
    }
    assert all(once() for once in measured.values())
