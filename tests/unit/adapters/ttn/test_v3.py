"""Reading of The Things Stack v3."""

import pytest

from adapters.ttn.envelope_reader import TtnEnvelopeReader
from domain.observation import Position, position
from domain.radio import Activation, Ignored, Reception, ServerReport, Unreadable, Uplink
from tests.support.json_messages import Json, changed, without
from tests.unit.adapters.ttn.messages import NOON_US, V3_JOIN, V3_LOCATION, V3_UPLINK, v3

READER = TtnEnvelopeReader()


def uplink(message: Json) -> Uplink:
    """Return ``message`` as it must be readable."""
    read = READER.read(v3(message))
    assert isinstance(read, Uplink), read
    return read


def unreadable(message: Json | bytes, kind: str = "up") -> Unreadable:
    """Return why ``message`` cannot be read."""
    read = READER.read(v3(message, kind))
    assert isinstance(read, Unreadable), read
    return read


def test_every_field_of_an_uplink_has_its_place() -> None:
    assert uplink(V3_UPLINK) == Uplink(
        dev_eui=uplink(V3_UPLINK).dev_eui,
        source="swu",
        application_id="swu-electricity",
        device_id="meter-0001",
        session="AXA50tHUGUucuzS/bCGMNw==",
        f_cnt=42,
        f_port=1,
        payload=b"\x01\x02\x03\x04",
        network_ns=1_780_308_000_019_589_559,
        receptions=(Reception("ulm-muenster", -110.0, 5.2),),
        model="imst/ioke868",
        firmware="1.2",
        data_rate="SF9BW125",
        frequency_hz=868_100_000,
        airtime_ns=185_344_000,
        encrypted=False,
        dev_addr="260b1716",
    )
    assert uplink(V3_UPLINK).dev_eui == "003e94c6ad72f129"


def test_an_absent_counter_is_zero() -> None:
    assert uplink(without(V3_UPLINK, "uplink_message.f_cnt")).f_cnt == 0


def test_an_absent_port_is_zero_and_the_frame_is_empty() -> None:
    mac_only = uplink(without(V3_UPLINK, "uplink_message.f_port", "uplink_message.frm_payload"))
    assert (mac_only.f_port, mac_only.payload, mac_only.is_empty) == (0, b"", True)


def test_an_absent_snr_is_zero() -> None:
    heard = uplink(without(V3_UPLINK, "uplink_message.rx_metadata.0.snr")).receptions
    assert heard == (Reception("ulm-muenster", -110.0, 0.0),)


def test_every_gateway_gives_a_reception() -> None:
    far = {"gateway_ids": {"gateway_id": "packetbroker"}, "packet_broker": {"message_id": "x"}, "rssi": -120, "snr": -7}
    near = V3_UPLINK["uplink_message"]["rx_metadata"][0]
    heard = uplink(changed(V3_UPLINK, "uplink_message.rx_metadata", [far, near])).receptions
    assert heard == (Reception("packetbroker", -120.0, -7.0), Reception("ulm-muenster", -110.0, 5.2))


def test_a_gateway_without_a_name_is_known_by_its_eui() -> None:
    heard = uplink(without(V3_UPLINK, "uplink_message.rx_metadata.0.gateway_ids.gateway_id")).receptions
    assert heard[0].gateway_id == "0000024B0B03020E"


@pytest.mark.parametrize("nothing", [None, []])
def test_an_uplink_that_names_no_gateway_has_no_receptions(nothing: object) -> None:
    assert uplink(changed(V3_UPLINK, "uplink_message.rx_metadata", nothing)).receptions == ()
    assert uplink(without(V3_UPLINK, "uplink_message.rx_metadata")).receptions == ()


@pytest.mark.parametrize(
    "spreading_factor, bandwidth, name",
    [(7, 125_000, "SF7BW125"), (12, 500_000, "SF12BW500"), (8, 812_500, "SF8BW812.5"), (11, 31_250, "SF11BW31.25")],
)
def test_a_data_rate_is_named_as_lorawan_names_it(spreading_factor: int, bandwidth: int, name: str) -> None:
    lora = {"bandwidth": bandwidth, "spreading_factor": spreading_factor}
    assert uplink(changed(V3_UPLINK, "uplink_message.settings.data_rate", {"lora": lora})).data_rate == name


def test_another_modulation_has_no_lora_data_rate() -> None:
    fsk = {"fsk": {"bit_rate": 50_000}}
    assert uplink(changed(V3_UPLINK, "uplink_message.settings.data_rate", fsk)).data_rate == ""


@pytest.mark.parametrize(
    "text, ns",
    [("0.056576s", 56_576_000), ("1s", 1_000_000_000), ("12.000000001s", 12_000_000_001), ("0s", 0)],
)
def test_an_airtime_is_exact_to_the_nanosecond(text: str, ns: int) -> None:
    assert uplink(changed(V3_UPLINK, "uplink_message.consumed_airtime", text)).airtime_ns == ns


@pytest.mark.parametrize(
    "text, ns",
    [
        ("2026-06-01T10:00:00Z", 1_780_308_000_000_000_000),
        ("2026-06-01T10:00:00.1Z", 1_780_308_000_100_000_000),
        ("2026-06-01T10:00:00.019589559Z", 1_780_308_000_019_589_559),
        ("2026-06-01T12:00:00.000000001+02:00", 1_780_308_000_000_000_001),
    ],
)
def test_a_time_is_exact_to_the_nanosecond(text: str, ns: int) -> None:
    assert uplink(changed(V3_UPLINK, "uplink_message.received_at", text)).network_ns == ns


def test_without_the_network_servers_time_the_application_servers_counts_else_ours() -> None:
    by_application_server = without(V3_UPLINK, "uplink_message.received_at")
    assert uplink(by_application_server).network_ns == 1_780_308_000_224_073_143
    assert uplink(without(by_application_server, "received_at")).network_ns == NOON_US * 1_000


def test_a_payload_with_the_session_key_beside_it_is_encrypted() -> None:
    key = {"kek_label": "x", "encrypted_key": "AAAA"}
    assert uplink(changed(V3_UPLINK, "uplink_message.app_s_key", key)).encrypted


def test_a_model_needs_brand_and_model() -> None:
    assert uplink(without(V3_UPLINK, "uplink_message.version_ids.brand_id")).model == ""
    assert uplink(without(V3_UPLINK, "uplink_message.version_ids")).model == ""


def test_missing_names_are_taken_from_the_topic() -> None:
    nameless = uplink(without(V3_UPLINK, "end_device_ids.device_id", "end_device_ids.application_ids"))
    assert (nameless.application_id, nameless.device_id) == ("swu-electricity", "meter-0001")


def test_an_accepted_join_opens_a_session() -> None:
    join = READER.read(v3(V3_JOIN, "join"))
    assert isinstance(join, Activation)
    assert (join.dev_eui, join.source, join.session) == ("003e94c6ad72f129", "swu", "AXA50tHUGUucuzS/bCGMNw==")
    assert (join.application_id, join.device_id) == ("swu-electricity", "meter-0001")
    assert join.network_ns == 1_780_307_998_700_000_000
    assert join.dev_addr == "260b1716"


def located(path: str = "service", value: object = "") -> ServerReport:
    """Return the solved location with ``value`` at ``path`` in it, as it must be readable."""
    read = READER.read(v3(changed(V3_LOCATION, f"location_solved.{path}", value), "location/solved"))
    assert isinstance(read, ServerReport), read
    return read


def test_a_solved_location_is_a_report_of_the_server() -> None:
    place = Position(484_010_000, 99_870_000, "tdoa", accuracy_m=35.0)
    assert located() == ServerReport(
        dev_eui=uplink(V3_UPLINK).dev_eui,
        source="swu",
        application_id="swu-electricity",
        device_id="meter-0001",
        network_ns=1_780_308_060_000_000_000,
        readings=(position("", place),),
    )


@pytest.mark.parametrize(
    "source, ours",
    [
        ("SOURCE_GPS", "gnss"),
        ("SOURCE_REGISTRY", "configured"),
        ("SOURCE_WIFI_RSSI_GEOLOCATION", "wifi"),
        ("SOURCE_BT_RSSI_GEOLOCATION", "rssi"),
        ("SOURCE_LORA_RSSI_GEOLOCATION", "rssi"),
        ("SOURCE_LORA_TDOA_GEOLOCATION", "tdoa"),
        ("SOURCE_IP_GEOLOCATION", "unknown"),
        ("SOURCE_COMBINED_GEOLOCATION", "unknown"),
        ("SOURCE_OF_2030", "unknown"),
    ],
)
def test_a_location_says_how_it_was_found(source: str, ours: str) -> None:
    (reading,) = located("location.source", source).readings
    assert isinstance(reading.value, Position)
    assert reading.value.source == ours


def test_an_uplink_brings_the_place_that_was_entered_on_the_console_and_no_other() -> None:
    places = {
        "user": {"latitude": 48.4, "longitude": 9.99, "altitude": 478, "source": "SOURCE_REGISTRY"},
        "frm-payload": {"latitude": 1.0, "longitude": 2.0, "source": "SOURCE_GPS"},
    }
    entered = uplink(changed(V3_UPLINK, "uplink_message.locations", places)).place
    assert entered == Position(484_000_000, 99_900_000, "configured", altitude_m=478.0)
    del places["user"]
    assert uplink(changed(V3_UPLINK, "uplink_message.locations", places)).place is None


def test_a_latitude_that_is_left_out_is_the_equator() -> None:
    (reading,) = located("location", {"longitude": 9.5, "altitude": -12}).readings
    assert reading.value == Position(0, 95_000_000, "unknown", altitude_m=-12.0)


def test_nowhere_is_no_position() -> None:
    nowhere = changed(V3_LOCATION, "location_solved.location", {"source": "SOURCE_GPS"})
    assert READER.read(v3(nowhere, "location/solved")) == Ignored("location_without_place")


def test_a_location_off_the_earth_is_unreadable() -> None:
    beyond = changed(V3_LOCATION, "location_solved.location.latitude", 90.5)
    assert "$.location_solved.location.latitude is 90.5" in unreadable(beyond, "location/solved").detail


def test_a_dev_addr_that_is_none_is_named_so() -> None:
    found = unreadable(changed(V3_UPLINK, "end_device_ids.dev_addr", "260B171"))
    assert '$.end_device_ids.dev_addr is "260B171": 8 hex digits expected' in found.detail


def test_an_uplink_may_tell_no_dev_addr() -> None:
    assert uplink(without(V3_UPLINK, "end_device_ids.dev_addr")).dev_addr == ""


def test_simulated_uplinks_are_no_data_of_the_city() -> None:
    simulated = v3(changed(V3_UPLINK, "simulated", value=True))
    assert READER.read(simulated) == Ignored("simulated")
    assert isinstance(TtnEnvelopeReader(accept_simulated=True).read(simulated), Uplink)


@pytest.mark.parametrize(
    "kind, reason",
    [
        ("up/normalized", "up_normalized"),
        ("service/data", "service_data"),
        *((f"down/{kind}", "downlink") for kind in ("queued", "sent", "ack", "nack", "failed", "invalidated", "push")),
        ("something/new", "foreign_topic"),
    ],
)
def test_other_topics_are_ignored_whatever_they_carry(kind: str, reason: str) -> None:
    assert READER.read(v3(V3_UPLINK, kind)) == Ignored(reason)
    assert READER.read(v3(b"not json", kind)) == Ignored(reason)


@pytest.mark.parametrize(
    "field, reason",
    [
        ("uplink_normalized", "up_normalized"),
        ("service_data", "service_data"),
        ("downlink_ack", "downlink"),
        ("downlink_queue_invalidated", "downlink"),
    ],
)
def test_where_the_topic_does_not_tell_the_message_does(field: str, reason: str) -> None:
    other = changed(without(V3_UPLINK, "uplink_message"), field, {})
    assert READER.read(v3(other, topic="city/lorawan")) == Ignored(reason)
    assert isinstance(READER.read(v3(V3_UPLINK, topic="city/lorawan")), Uplink)
    assert isinstance(READER.read(v3(V3_JOIN, topic="city/lorawan")), Activation)
    assert isinstance(READER.read(v3(V3_LOCATION, topic="city/lorawan")), ServerReport)


def test_absurd_names_are_not_taken_from_the_topic() -> None:
    nameless = without(V3_UPLINK, "end_device_ids.device_id", "end_device_ids.application_ids")
    read = READER.read(v3(nameless, topic=f"v3/swu@ulm/devices/{'x' * 1_024}/up"))
    assert isinstance(read, Uplink)
    assert (read.application_id, read.device_id) == ("", "")


def test_a_prefix_before_the_topic_does_no_harm() -> None:
    assert isinstance(READER.read(v3(V3_UPLINK, topic="bridge/v3/swu@ulm/devices/meter-0001/up")), Uplink)


def test_a_message_of_no_kind_is_unreadable() -> None:
    assert "$.uplink_message is missing" in unreadable(without(V3_UPLINK, "uplink_message")).detail


def test_a_device_without_dev_eui_is_named_so() -> None:
    found = unreadable(without(V3_UPLINK, "end_device_ids.dev_eui"))
    assert found.reason == "dev_eui_missing"
    assert "$.end_device_ids.dev_eui is missing" in found.detail


@pytest.mark.parametrize("text", ["003E94C6AD72F12", "003E94C6AD72F12G", "003E94C6AD72F129AA", "\u0660" * 16])
def test_a_dev_eui_that_is_none_is_named_so(text: str) -> None:
    found = unreadable(changed(V3_UPLINK, "end_device_ids.dev_eui", text))
    assert (found.reason, found.dev_eui) == ("dev_eui_invalid", "")
    assert "16 hex digits expected" in found.detail


@pytest.mark.parametrize(
    "path, value, detail",
    [
        ("f_cnt", "abc", '$.uplink_message.f_cnt is "abc": Expected `int`, got `str`'),
        ("f_cnt", -1, "$.uplink_message.f_cnt is -1: Expected `int` >= 0"),
        ("f_cnt", 2**32, "$.uplink_message.f_cnt is 4294967296: Expected `int` <= 4294967295"),
        ("f_cnt", True, "$.uplink_message.f_cnt is true: Expected `int`, got `bool`"),
        ("f_cnt", None, "$.uplink_message.f_cnt is null: Expected `int`, got `null`"),
        ("f_cnt", 1.5, "$.uplink_message.f_cnt is 1.5: Expected `int`, got `float`"),
        ("f_port", 256, "$.uplink_message.f_port is 256: Expected `int` <= 255"),
        ("frm_payload", "AQI", '$.uplink_message.frm_payload is "AQI": Invalid base64 encoded string'),
        ("frm_payload", "AAAA" * 86, "Expected `bytes` of length <= 255"),
        ("rx_metadata.0.rssi", "-110", '$.uplink_message.rx_metadata[0].rssi is "-110": Expected `float`, got `str`'),
        ("received_at", "soon", '$.uplink_message.received_at is "soon": an RFC 3339 time with a zone expected'),
        ("received_at", "2026-06-01T10:00:00", "an RFC 3339 time with a zone expected"),
        ("received_at", "1969-12-31T23:59:59Z", "a time from 1970 to 2262 expected"),
        ("received_at", "9999-12-31T23:59:59Z", "a time from 1970 to 2262 expected"),
        ("settings.frequency", "868.1", '$.uplink_message.settings.frequency is "868.1": Hz as text expected'),
        ("settings.frequency", "-1", "Hz as text expected"),
        ("consumed_airtime", "56ms", '$.uplink_message.consumed_airtime is "56ms": a duration such as'),
        ("consumed_airtime", ".5s", "a duration such as"),
        ("consumed_airtime", "0.0000000001s", "a duration such as"),
        ("session_key_id", "x" * 257, f'is "{"x" * 59}… (259 characters): Expected `str` of length <= 256'),
    ],
)
def test_a_field_that_is_wrong_is_named_with_its_value_and_what_was_expected(
    path: str, value: object, detail: str
) -> None:
    found = unreadable(changed(V3_UPLINK, f"uplink_message.{path}", value))
    assert (found.reason, found.dev_eui) == ("envelope_unreadable", "003e94c6ad72f129")
    assert detail in found.detail


def test_a_message_cut_short_tells_no_device() -> None:
    body = v3(V3_UPLINK).body[:-1]
    found = unreadable(body)
    assert (found.reason, found.dev_eui) == ("envelope_unreadable", "")
    assert found.detail.startswith("Input data was truncated: the message begins b'{")
    assert READER.dev_eui(v3(body)) is None


def test_text_that_is_not_utf8_is_unreadable() -> None:
    found = unreadable(v3(V3_UPLINK).body.replace(b'"meter-0001"', b'"meter-\xff"'))
    assert found.reason == "envelope_unreadable"
    assert found.detail.startswith("not UTF-8")


def test_nesting_without_end_is_unreadable() -> None:
    deep = b'{"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    assert unreadable(deep).detail.startswith("nested too deep")


def test_a_broken_join_tells_its_device() -> None:
    found = unreadable(changed(V3_JOIN, "join_accept.received_at", "yesterday"), "join")
    assert found.dev_eui == "003e94c6ad72f129"
    assert "$.join_accept.received_at" in found.detail
