"""What ChirpStack itself says of a device."""

import pytest

from adapters.chirpstack.envelope_reader import ChirpStackEnvelopeReader
from domain.identifiers import DevEui
from domain.observation import MEASURANDS, Position, Reading, position
from domain.radio import Ignored, ServerNotice, ServerReport, Unreadable
from tests.support.json_messages import Json, changed, without
from tests.unit.adapters.chirpstack.messages import APPLICATION, LOCATION, LOG, STATUS, event

READER = ChirpStackEnvelopeReader()


def report(message: Json, kind: str = "status") -> ServerReport:
    """Return ``message`` as it must be readable."""
    read = READER.read(event(message, kind))
    assert isinstance(read, ServerReport), read
    return read


def notice(message: Json) -> ServerNotice:
    """Return the log line as it must be readable."""
    read = READER.read(event(message, "log"))
    assert isinstance(read, ServerNotice), read
    return read


def unreadable(message: Json, kind: str) -> Unreadable:
    """Return why ``message`` cannot be read."""
    read = READER.read(event(message, kind))
    assert isinstance(read, Unreadable), read
    return read


def values(message: Json) -> dict[str, object]:
    """Return the value of each measurand that a status tells."""
    return {reading.measurand: reading.value for reading in report(message).readings}


def test_a_status_tells_battery_power_and_link_margin() -> None:
    assert report(STATUS) == ServerReport(
        DevEui("003e94c6ad72f129"),
        "swu-cs",
        APPLICATION,
        "meter-0001",
        1_780_311_600_500_000_000,
        (
            Reading("radio.downlink.snr", "", 11.0),
            Reading("device.powered", "", value=False),
            Reading("device.battery.level", "", 75.59055),
        ),
    )


def test_what_a_status_tells_is_of_the_catalogue() -> None:
    assert set(values(STATUS)) <= set(MEASURANDS)


def test_on_the_mains_there_is_no_battery_level() -> None:
    mains = {**STATUS, "externalPowerSource": True, "batteryLevel": 0.0}
    assert values(mains) == {"radio.downlink.snr": 11.0, "device.powered": True}


def test_a_device_that_cannot_measure_its_battery_tells_nothing_of_power() -> None:
    unavailable = {**STATUS, "batteryLevelUnavailable": True, "batteryLevel": 0.0}
    assert values(unavailable) == {"radio.downlink.snr": 11.0}


def test_zeros_left_out_are_zeros() -> None:
    empty = without(STATUS, "margin", "externalPowerSource", "batteryLevelUnavailable", "batteryLevel")
    assert values(empty) == {"radio.downlink.snr": 0.0, "device.powered": False, "device.battery.level": 0.0}


def test_a_level_beyond_full_is_unreadable() -> None:
    assert "$.batteryLevel is 101" in unreadable({**STATUS, "batteryLevel": 101}, "status").detail


def test_a_location_is_a_position_with_its_source() -> None:
    place = Position(484_010_000, 99_870_000, "tdoa", accuracy_m=35.0)
    told = report(LOCATION, "location")
    assert (told.network_ns, told.readings) == (1_780_308_060_000_000_000, (position("", place),))


@pytest.mark.parametrize(
    "source, ours",
    [
        ("GPS", "gnss"),
        ("CONFIG", "configured"),
        ("GEO_RESOLVER_RSSI", "rssi"),
        ("GEO_RESOLVER_GNSS", "gnss"),
        ("GEO_RESOLVER_WIFI", "wifi"),
        ("UNKNOWN", "unknown"),
        ("OF_2030", "unknown"),
    ],
)
def test_a_location_says_how_it_was_found(source: str, ours: str) -> None:
    (reading,) = report(changed(LOCATION, "location.source", source), "location").readings
    assert isinstance(reading.value, Position)
    assert reading.value.source == ours


@pytest.mark.parametrize("nowhere", [None, {}, {"source": "GPS", "altitude": 478.0}])
def test_nowhere_is_no_position(nowhere: object) -> None:
    assert READER.read(event({**LOCATION, "location": nowhere}, "location")) == Ignored("location_without_place")


def test_a_location_off_the_earth_is_unreadable() -> None:
    found = unreadable(changed(LOCATION, "location.longitude", -180.5), "location")
    assert "$.location.longitude is -180.5" in found.detail


def test_a_log_line_tells_of_a_frame_that_no_uplink_brings() -> None:
    assert notice(LOG) == ServerNotice(
        DevEui("003e94c6ad72f129"),
        "swu-cs",
        APPLICATION,
        "meter-0001",
        1_780_308_120_000_000_001,
        "warning",
        "uplink_f_cnt_reset",
        "Frame-counter reset or rollover detected",
        0,
    )


def test_a_log_line_may_speak_of_no_frame() -> None:
    assert notice({**LOG, "code": "OTAA", "context": {}}).f_cnt is None
    assert notice(without(LOG, "context")).f_cnt is None


def test_a_log_line_without_level_and_code_has_their_zeros() -> None:
    zero = notice(without(LOG, "level", "code"))
    assert (zero.level, zero.code) == ("info", "unknown")


def test_of_a_long_log_line_the_beginning_is_kept() -> None:
    assert notice({**LOG, "description": "x" * 10_000}).detail == "x" * 500


@pytest.mark.parametrize(
    "path, value, detail",
    [
        ("context.f_cnt_up", "many", '$.context.f_cnt_up is "many": a frame counter as text expected'),
        ("context.f_cnt_up", "4294967296", "a frame counter as text expected"),
        ("context.f_cnt_up", "²", "a frame counter as text expected"),
        ("context.f_cnt_up", 7, "$.context.f_cnt_up is 7: Expected `str`, got `int`"),
        ("level", "LOUD", '$.level is "LOUD": INFO, WARNING or ERROR expected'),
        ("deviceInfo.devEui", "", "$.deviceInfo.devEui is missing"),
    ],
)
def test_what_is_wrong_with_a_log_line_is_named(path: str, value: object, detail: str) -> None:
    assert detail in unreadable(changed(LOG, path, value), "log").detail
