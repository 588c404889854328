"""Uplinks and joins of ChirpStack."""

import pytest

from adapters.chirpstack.envelope_reader import ChirpStackEnvelopeReader
from domain.identifiers import DevEui
from domain.radio import Activation, Ignored, Reception, ServerNotice, ServerReport, Unreadable, Uplink
from tests.support.json_messages import Json, changed, without
from tests.unit.adapters.chirpstack.messages import (
    ACK,
    APPLICATION,
    JOIN,
    LOCATION,
    LOG,
    NOON_US,
    STATUS,
    TOPIC,
    TXACK,
    UP,
    event,
)

READER = ChirpStackEnvelopeReader()


def uplink(message: Json) -> Uplink:
    """Return ``message`` as it must be readable."""
    read = READER.read(event(message))
    assert isinstance(read, Uplink), read
    return read


def unreadable(message: Json | bytes, kind: str = "up") -> Unreadable:
    """Return why ``message`` cannot be read."""
    read = READER.read(event(message, kind))
    assert isinstance(read, Unreadable), read
    return read


def test_every_field_of_an_uplink_has_its_place() -> None:
    assert uplink(UP) == Uplink(
        dev_eui=DevEui("003e94c6ad72f129"),
        source="swu-cs",
        application_id=APPLICATION,
        device_id="meter-0001",
        session="",
        f_cnt=42,
        f_port=1,
        payload=b"\x01\x02\x03\x04",
        network_ns=1_780_308_000_019_589_559,
        receptions=(Reception("0000024b0b03020e", -110.0, 5.2),),
        model="imst/ioke868",
        firmware="1.2",
        data_rate="SF9BW125",
        frequency_hz=868_100_000,
        dev_addr="01a2b3c4",
    )


def test_before_4_1_zeros_were_left_out() -> None:
    old = uplink(without(UP, "fCnt", "fPort", "data", "adr", "confirmed"))
    assert (old.f_cnt, old.f_port, old.payload, old.is_empty) == (0, 0, b"", True)


def test_a_frame_of_mac_commands_is_empty() -> None:
    assert uplink(changed(changed(UP, "fPort", 0), "data", "")).is_empty
    assert uplink(changed(changed(UP, "fPort", 0), "data", None)).is_empty


def test_zeros_of_the_radio_are_left_out_to_this_day() -> None:
    heard = uplink(without(UP, "rxInfo.0.snr", "rxInfo.0.rssi")).receptions
    assert heard == (Reception("0000024b0b03020e", 0.0, 0.0),)


@pytest.mark.parametrize("field", ["rxInfo", "txInfo", "joinServerContext", "deviceInfo.tags"])
def test_what_is_not_set_may_be_absent_or_null(field: str) -> None:
    null = uplink(changed(UP, field, None))
    assert null == uplink(without(null_and_there(field), field))


def null_and_there(field: str) -> Json:
    """Return an uplink that has ``field``, whatever is in it."""
    return changed(UP, field, None)


def test_every_gateway_gives_a_reception() -> None:
    near = UP["rxInfo"][0]
    far = {**near, "gatewayId": "0000024b0b03020f", "rssi": -121, "snr": -7.5}
    heard = uplink(changed(UP, "rxInfo", [far, near])).receptions
    assert heard == (Reception("0000024b0b03020f", -121.0, -7.5), Reception("0000024b0b03020e", -110.0, 5.2))


def test_a_modulation_other_than_lora_has_no_data_rate() -> None:
    assert uplink(changed(UP, "txInfo.modulation", {"fsk": {"datarate": 50_000}})).data_rate == ""
    assert uplink(changed(UP, "txInfo.modulation", None)).data_rate == ""


def test_a_payload_that_waits_for_the_applications_key_is_encrypted() -> None:
    assert uplink(changed(UP, "joinServerContext", {"sessionKeyId": "AXA50tHU"})).encrypted


@pytest.mark.parametrize(
    "text, ns",
    [
        ("2026-06-01T10:00:00+00:00", 1_780_308_000_000_000_000),
        ("2026-06-01T10:00:00.019589559+00:00", 1_780_308_000_019_589_559),
        ("2026-06-01T10:00:00.5Z", 1_780_308_000_500_000_000),
    ],
)
def test_a_time_is_exact_to_the_nanosecond(text: str, ns: int) -> None:
    assert uplink(changed(UP, "time", text)).network_ns == ns


def test_without_the_servers_time_ours_counts() -> None:
    assert uplink(without(UP, "time")).network_ns == NOON_US * 1_000


def test_a_missing_application_is_taken_from_the_topic() -> None:
    assert uplink(without(UP, "deviceInfo.applicationId")).application_id == APPLICATION


def test_absurd_names_are_not_taken_from_the_topic() -> None:
    raw = event(without(UP, "deviceInfo.applicationId"), topic=f"application/{'x' * 1_024}/device/d/event/up")
    read = READER.read(raw)
    assert isinstance(read, Uplink)
    assert read.application_id == ""


def test_a_join_opens_a_session_that_its_dev_addr_tells() -> None:
    assert READER.read(event(JOIN, "join")) == Activation(
        DevEui("003e94c6ad72f129"),
        "swu-cs",
        APPLICATION,
        "meter-0001",
        "",
        1_780_308_000_019_589_559,
        dev_addr="01a2b3c4",
    )


@pytest.mark.parametrize(
    "kind, reason",
    [
        ("ack", "downlink"),
        ("txack", "downlink"),
        ("integration", "integration_event"),
        ("of-2030", "foreign_topic"),
        ("up/deeper", "foreign_topic"),
    ],
)
def test_other_events_are_ignored_whatever_they_carry(kind: str, reason: str) -> None:
    assert READER.read(event(UP, kind)) == Ignored(reason)
    assert READER.read(event(b"not json", kind)) == Ignored(reason)


@pytest.mark.parametrize(
    "message, kind",
    [(UP, Uplink), (JOIN, Activation), (STATUS, ServerReport), (LOCATION, ServerReport), (LOG, ServerNotice)],
)
def test_where_the_topic_does_not_tell_the_event_does(message: Json, kind: type) -> None:
    assert isinstance(READER.read(event(message, topic="city/lorawan")), kind)


@pytest.mark.parametrize("message", [ACK, TXACK])
def test_downlinks_are_known_without_their_topic(message: Json) -> None:
    assert READER.read(event(message, topic="city/lorawan")) == Ignored("downlink")


def test_an_event_of_no_kind_is_unreadable() -> None:
    read = READER.read(event({"deviceInfo": UP["deviceInfo"]}, topic="city/lorawan"))
    assert isinstance(read, Unreadable)
    assert read.dev_eui == "003e94c6ad72f129"
    assert "$.txInfo" in read.detail


def test_a_prefix_before_the_topic_does_no_harm() -> None:
    assert isinstance(READER.read(event(UP, topic=f"bridge/eu868/{TOPIC}up")), Uplink)


def test_a_device_without_dev_eui_is_named_so() -> None:
    found = unreadable(without(UP, "deviceInfo.devEui"))
    assert found.reason == "dev_eui_missing"
    assert "$.deviceInfo.devEui is missing" in found.detail


@pytest.mark.parametrize("body", [b"", b"not json", event(UP).body[:100], b"{}"])
def test_of_what_is_broken_the_topic_tells_the_device(body: bytes) -> None:
    assert unreadable(body).dev_eui == "003e94c6ad72f129"
    assert READER.dev_eui(event(body)) == "003e94c6ad72f129"
    assert READER.dev_eui(event(body, topic="city/lorawan")) is None


@pytest.mark.parametrize(
    "path, value, detail",
    [
        ("fCnt", "abc", '$.fCnt is "abc": Expected `int`, got `str`'),
        ("fCnt", 2**32, "$.fCnt is 4294967296: Expected `int` <= 4294967295"),
        ("fPort", 256, "$.fPort is 256: Expected `int` <= 255"),
        ("data", "AQI", '$.data is "AQI": Invalid base64 encoded string'),
        ("data", "AAAA" * 86, "Expected `bytes` of length <= 255"),
        ("time", "soon", '$.time is "soon": an RFC 3339 time with a zone expected'),
        ("devAddr", "01a2b3c", '$.devAddr is "01a2b3c": 8 hex digits expected'),
        ("rxInfo.0.rssi", "-110", '$.rxInfo[0].rssi is "-110": Expected `float`, got `str`'),
        ("txInfo.frequency", "868100000", '$.txInfo.frequency is "868100000": Expected `int`, got `str`'),
        ("txInfo.modulation.lora.spreadingFactor", 9.5, "spreadingFactor is 9.5: Expected `int`, got `float`"),
        ("deviceInfo.deviceName", "x" * 257, f'is "{"x" * 59}… (259 characters): Expected `str` of length <= 256'),
    ],
)
def test_a_field_that_is_wrong_is_named_with_its_value_and_what_was_expected(
    path: str, value: object, detail: str
) -> None:
    found = unreadable(changed(UP, path, value))
    assert (found.reason, found.dev_eui) == ("envelope_unreadable", "003e94c6ad72f129")
    assert detail in found.detail
