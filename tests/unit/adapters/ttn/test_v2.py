"""Reading of The Things Network v2."""

import pytest

from adapters.ttn.envelope_reader import TtnEnvelopeReader
from domain.identifiers import DevEui
from domain.observation import Position
from domain.radio import Activation, Ignored, Reception, Unreadable, Uplink
from tests.support.json_messages import Json, changed, without
from tests.unit.adapters.ttn.messages import NOON_US, V2_ACTIVATION, V2_UPLINK, v2

READER = TtnEnvelopeReader()


def uplink(message: Json) -> Uplink:
    """Return ``message`` as it must be readable."""
    read = READER.read(v2(message))
    assert isinstance(read, Uplink), read
    return read


def unreadable(message: Json | bytes, kind: str = "up") -> Unreadable:
    """Return why ``message`` cannot be read."""
    read = READER.read(v2(message, kind))
    assert isinstance(read, Unreadable), read
    return read


def test_every_field_of_an_uplink_has_its_place() -> None:
    assert uplink(V2_UPLINK) == Uplink(
        dev_eui=DevEui("003e94c6ad72f129"),
        source="swu-old",
        application_id="swu-electricity",
        device_id="meter-0001",
        session="",
        f_cnt=42,
        f_port=1,
        payload=b"\x01\x02\x03\x04",
        network_ns=1_527_847_200_624_284_170,
        receptions=(Reception("eui-0000024b0b03020e", -110.0, 5.2),),
        data_rate="SF9BW125",
        frequency_hz=868_100_000,
        airtime_ns=185_344_000,
    )


@pytest.mark.parametrize("mhz, hz", [(868.1, 868_100_000), (867.9, 867_900_000), (869.525, 869_525_000)])
def test_a_frequency_in_mhz_is_exact_in_hz(mhz: float, hz: int) -> None:
    assert uplink(changed(V2_UPLINK, "metadata.frequency", mhz)).frequency_hz == hz


def placed(**metadata: object) -> Position | None:
    """Return where an uplink with these fields of its metadata says that its device is."""
    return uplink({**V2_UPLINK, "metadata": {**V2_UPLINK["metadata"], **metadata}}).place


def test_an_uplink_brings_the_place_at_which_its_device_was_registered() -> None:
    assert placed(latitude=48.4, longitude=9.99, altitude=478) == Position(
        484_000_000, 99_900_000, "configured", altitude_m=478.0
    )
    told = placed(latitude=48.4, longitude=9.99, location_accuracy=5, location_source="gps")
    assert told == Position(484_000_000, 99_900_000, "gnss", accuracy_m=5.0)
    assert placed() is None


def test_a_frame_without_payload_is_empty() -> None:
    assert uplink(changed(V2_UPLINK, "payload_raw", None)).is_empty


def test_without_the_servers_time_the_first_gateway_that_knows_it_counts_else_ours() -> None:
    timeless = changed(V2_UPLINK, "metadata.time", "")
    assert uplink(timeless).network_ns == NOON_US * 1_000
    gateways = [{"gtw_id": "a", "time": ""}, {"gtw_id": "b", "time": "2018-06-01T10:00:00.5Z"}]
    assert uplink(changed(timeless, "metadata.gateways", gateways)).network_ns == 1_527_847_200_500_000_000


def test_an_uplink_that_names_no_gateway_has_no_receptions() -> None:
    assert uplink(without(V2_UPLINK, "metadata.gateways")).receptions == ()


def test_missing_names_are_taken_from_the_topic() -> None:
    nameless = uplink(without(V2_UPLINK, "app_id", "dev_id"))
    assert (nameless.application_id, nameless.device_id) == ("swu-electricity", "meter-0001")


def test_an_activation_is_named_by_its_topic_and_has_no_session() -> None:
    message = v2(V2_ACTIVATION, "events/activations")
    assert READER.read(message) == Activation(
        DevEui("003e94c6ad72f129"),
        "swu-old",
        "swu-electricity",
        "meter-0001",
        "",
        1_527_847_198_100_000_000,
        dev_addr="26011716",
    )
    assert READER.dev_eui(message) == "003e94c6ad72f129"


def test_both_ways_of_reading_name_the_same_device_whatever_an_activation_holds() -> None:
    message = v2({**V2_ACTIVATION, "hardware_serial": "00000000000000AA"}, "events/activations")
    read = READER.read(message)
    assert isinstance(read, Activation)
    assert read.dev_eui == READER.dev_eui(message)


@pytest.mark.parametrize(
    "kind, reason",
    [
        ("up/occupied", "up_field"),
        ("up/up", "up_field"),
        ("events/create", "device_event"),
        ("events/down/sent", "device_event"),
        ("events/activations/errors", "device_event"),
        ("down", "downlink"),
        ("something", "foreign_topic"),
    ],
)
def test_other_topics_are_ignored_whatever_they_carry(kind: str, reason: str) -> None:
    assert READER.read(v2(b"true", kind)) == Ignored(reason)


def test_where_the_topic_does_not_tell_it_is_an_uplink() -> None:
    assert isinstance(READER.read(v2(V2_UPLINK, topic="city/lorawan")), Uplink)


def test_a_device_without_dev_eui_is_named_so() -> None:
    found = unreadable(without(V2_UPLINK, "hardware_serial"))
    assert (found.reason, found.dev_eui) == ("dev_eui_missing", "")
    assert "$.hardware_serial is missing" in found.detail


@pytest.mark.parametrize(
    "path, value, detail",
    [
        ("counter", 2**32, "$.counter is 4294967296: Expected `int` <= 4294967295"),
        ("port", 256, "$.port is 256"),
        ("payload_raw", "AAAA" * 86, '$.payload_raw is "AAAA'),
        ("payload_raw", "????", '$.payload_raw is "????": Invalid base64'),
        ("metadata.time", "28.04.2017", '$.metadata.time is "28.04.2017": an RFC 3339 time'),
        ("metadata.frequency", 1e300, "$.metadata.frequency is 1e300"),
        ("metadata.airtime", -1, "$.metadata.airtime is -1"),
        ("metadata.gateways", {}, "$.metadata.gateways is {}: Expected `array | null`, got `object`"),
    ],
)
def test_a_field_that_is_wrong_is_named_with_its_value_and_what_was_expected(
    path: str, value: object, detail: str
) -> None:
    found = unreadable(changed(V2_UPLINK, path, value))
    assert (found.reason, found.dev_eui) == ("envelope_unreadable", "003e94c6ad72f129")
    assert detail in found.detail


def test_a_gateways_time_that_is_none_is_named_where_it_was_needed() -> None:
    timeless = changed(V2_UPLINK, "metadata.time", "")
    found = unreadable(changed(timeless, "metadata.gateways.0.time", "noon"))
    assert '$.metadata.gateways[0].time is "noon"' in found.detail
