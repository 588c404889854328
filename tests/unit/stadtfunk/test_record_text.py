"""What ``inspect`` shows of records: readable, and without what is withheld."""

import msgspec
import pytest
from msgspec import Struct

from adapters.device_memory.record import encode
from adapters.kafka.inspection import SeenRecord, is_about
from adapters.kafka.log_record import Headers
from adapters.kafka.uplink_record import record_of
from application.ports.dead_letters import DeadLetter
from application.ports.uplink_log import RawUplink
from domain.decoding import DECODERS, Context, Fragment
from domain.device import Device, DeviceEntry, DeviceMemory
from domain.identifiers import DevEui
from domain.observation import Reading
from domain.radio import LossDay, Message, Unreadable
from domain.radio.runs import Run, packed
from stadtfunk.commands.memory_text import memory_tables
from stadtfunk.commands.record_text import RecordText
from tests.support.builders import (
    DEV,
    NOON_NS,
    a_dead_letter,
    a_raw_uplink,
    an_observation,
    an_uplink,
)
from tests.support.keys import WITH_KEYS, forms_of_the_keys
from tests.unit.application.stepping import stepped

_LIMIT = 1_000_000


class Stored(Struct):
    """A record as it was read."""

    key: bytes | None
    value: bytes | None
    offset: int = 7
    timestamp: int = NOON_NS // 1_000_000
    headers: Headers = ()


class Says:
    """Reads the same message out of every envelope."""

    network_servers = ("tts",)

    def __init__(self, message: Message) -> None:
        self._message = message

    def dev_eui(self, raw: RawUplink) -> DevEui | None:
        del raw
        return DEV

    def read(self, raw: RawUplink) -> Message:
        del raw
        return self._message


def line(topic: str, stored: Stored, message: Message | None = None, *, raw_granted: bool = False) -> str:
    """Return what is shown of a record."""
    text = RecordText(Says(message or an_uplink()), DECODERS, raw_granted=raw_granted)
    return text.line(topic, SeenRecord(3, stored)).decode()


def of_value(topic: str, value: object) -> dict[str, object]:
    """Return what is shown of a value as JSON."""
    shown = msgspec.json.decode(line(topic, Stored(b"key", msgspec.json.encode(value))))
    return dict(shown["value"])


def uplink_record(body: bytes = b'{"a": 1}') -> Stored:
    key, value, _, headers = record_of(a_raw_uplink(body), DEV, _LIMIT)
    return Stored(key, value, headers=list(headers))


def test_a_line_says_where_the_record_stands() -> None:
    shown = msgspec.json.decode(line("observations", Stored(b"key", b"{}")))
    assert shown == {"partition": 3, "offset": 7, "time": "2026-01-01T12:00:00Z", "key": "key", "value": {}}


def test_a_tombstone_has_no_value() -> None:
    assert msgspec.json.decode(line("devices", Stored(b"key", None)))["value"] is None


def test_instants_are_times_and_lengths_of_time_stay_numbers() -> None:
    shown = of_value("radio_metadata", {"written_us": NOON_NS // 1_000, "airtime_ns": 61_696_000})
    assert shown == {"written_us": "2026-01-01T12:00:00Z", "airtime_ns": 61_696_000}


def test_a_register_is_shown_with_all_its_digits() -> None:
    observed = an_observation(Reading("electricity.energy.active.import", "t1", 35_149_629_0000, -4))
    readings = of_value("observations", observed)["readings"]
    assert readings == [{"measurand": "electricity.energy.active.import", "channel": "t1", "value": "35149629.0000"}]


def test_missing_counters_are_shown_as_people_write_them() -> None:
    runs = packed([Run(7, 7, 1, 2), Run(9, 12, 3, 4)])
    row = msgspec.structs.replace(msgspec.convert(a_loss_day(), LossDay), runs=runs)
    assert of_value("loss_ledger", row)["runs"] == ["7", "9-12"]


def a_loss_day() -> dict[str, object]:
    """Return a day of the ledger on which nothing happened."""
    return {"dev_eui": DEV, "day": 20_454, "source": "swu", "written_us": 1}


def test_what_nobody_can_read_is_told_and_not_shown() -> None:
    shown = msgspec.json.decode(line("observations", Stored(b"key", b"\xffsecret")))["value"]
    assert set(shown) == {"unreadable", "bytes"}


def test_an_uplink_is_shown_as_it_is_understood_not_as_it_came() -> None:
    shown = msgspec.json.decode(line("uplinks", uplink_record(), an_uplink(5, payload=b"\x01\x02")))["value"]
    assert (shown["message"], shown["f_cnt"], shown["payload"]) == ("Uplink", 5, "0102")
    assert "body" not in shown


def test_who_has_the_right_sees_the_message_as_it_came() -> None:
    shown = msgspec.json.decode(line("uplinks", uplink_record(), raw_granted=True))["value"]
    assert shown["body"] == {"a": 1}


@pytest.mark.parametrize(
    "payload", [WITH_KEYS, WITH_KEYS[:30], b"\x53" + WITH_KEYS[1:]], ids=["good", "cut", "renamed"]
)
@pytest.mark.parametrize("model", ["", "nas/ul20xx", "bosch/tps110"])
def test_a_payload_with_keys_is_withheld(payload: bytes, model: str) -> None:
    text = line("uplinks", uplink_record(payload.hex().encode()), an_uplink(payload=payload, f_port=50, model=model))
    assert '"payload":"withheld"' in text
    assert [form for form in forms_of_the_keys() if form in text] == []


def test_what_is_wrong_with_a_message_is_not_said_in_its_own_words() -> None:
    text = line("uplinks", uplink_record(), Unreadable("payload_unreadable", WITH_KEYS.hex(), DEV))
    assert "payload_unreadable" in text
    assert WITH_KEYS.hex() not in text


def test_keys_of_the_registry_are_named_and_withheld() -> None:
    entry = DeviceEntry(DEV, 1, keys={"meter": "00112233445566778899aabbccddeeff"})
    assert of_value("registry", entry)["keys"] == {"meter": "withheld"}
    assert "00112233" not in line("registry", Stored(b"device/x", msgspec.json.encode(entry)))


def test_a_dead_letter_shows_its_message_as_json_and_its_payload_as_hex() -> None:
    letter = msgspec.structs.replace(a_dead_letter(), body=b'{"f_cnt": 5}', payload=b"\xff\x00")
    shown = of_value("dead_letters", letter)
    assert (shown["body"], shown["payload"]) == ({"f_cnt": 5}, "ff00")


def test_a_dead_letter_without_message_stays_without() -> None:
    letter = DeadLetter("id", "payload_withheld", "process", "", "uplinks/0@1", "swu", "t", 1, b"")
    assert of_value("dead_letters", letter)["body"] == ""


def test_pieces_that_wait_are_counted_and_their_bytes_withheld() -> None:
    waiting = Context((Fragment("g", 0, 2, NOON_NS, WITH_KEYS),))
    memory = DeviceMemory(4_711, Device(DEV, 1), context=waiting)
    text = line("device_memory", Stored(DEV.encode(), encode(memory)))
    piece = msgspec.json.decode(text)["value"]["fragments"]
    assert piece == [{"group": "g", "piece": 1, "of": 2, "network_ns": "2026-01-01T12:00:00Z", "bytes": len(WITH_KEYS)}]
    assert [form for form in forms_of_the_keys() if form in text] == []


def test_a_memory_shows_sessions_and_gaps() -> None:
    memory = stepped([an_uplink(0), an_uplink(3), an_uplink(5)]).memory[DEV]
    shown = msgspec.json.decode(line("device_memory", Stored(DEV.encode(), encode(memory))))["value"]
    (segment,) = shown["accounts"]["swu"]["segments"]
    assert (segment["first"], segment["last"], segment["received"], segment["gaps"]) == (0, 5, 3, ["1-2", "4"])
    assert len(memory_tables(memory)) == 2


def test_a_record_of_another_version_of_memory_is_told() -> None:
    assert "version" in line("device_memory", Stored(DEV.encode(), b"\x63nothing"))


@pytest.mark.parametrize(
    "key, value, expected",
    [
        (DEV.encode(), b"", True),
        (b"device/" + DEV.encode(), b"{}", True),
        (b"letter", b'{"dev_eui":"' + DEV.encode() + b'"}', True),
        (b"ffffffffffffffff", b"{}", False),
        (None, None, False),
    ],
)
def test_a_record_is_about_a_device_by_its_key_or_its_value(
    key: bytes | None, value: bytes | None, expected: bool
) -> None:
    assert is_about(Stored(key, value), DEV) is expected


@pytest.mark.parametrize("topic", ["uplinks", "observations", "device_memory", "registry", "dead_letters", "backfill"])
@pytest.mark.parametrize(
    "value",
    [
        b"[" * 200_000,
        b"[" * 900 + b"]" * 900,
        b'{"written_us":9223372036854775807}',
        b'{"written_us":99999999999999999999999999}',
        b'{"measurand":"m","value":5,"exponent":99999999}',
        b'{"keys":7}',
        b"\xff",
    ],
)
def test_a_record_that_somebody_else_wrote_does_not_hide_its_neighbours(topic: str, value: bytes) -> None:
    shown = msgspec.json.decode(line(topic, Stored(b"k", value, timestamp=2**62)))
    assert (shown["key"], shown["time"]) == ("k", 2**62)


def test_keys_of_another_shape_are_withheld_too() -> None:
    assert of_value("registry", {"keys": "0123456789abcdef"}) == {"keys": "withheld"}
