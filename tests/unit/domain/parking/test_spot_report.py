"""Why a sensor spoke, as far as what it said tells."""

from domain.observation import Value
from domain.parking import ReportKind, report_kind


def test_a_startup_is_one_whatever_its_cause() -> None:
    said: dict[str, Value] = {"parking.occupied": False, "device.lifecycle": "startup:watchdog"}
    assert report_kind(said, "bosch_tps110") is ReportKind.STARTUP
    assert report_kind({**said, "device.lifecycle": "startup"}, "nwave_nps310sm") is ReportKind.STARTUP
    assert report_kind({**said, "device.lifecycle": "shutdown"}, "nwave_nps310sm") is ReportKind.UNKNOWN


def test_the_heartbeat_of_a_tps110_brings_its_temperature() -> None:
    assert report_kind({"parking.occupied": True, "device.temperature": -1.0}, "bosch_tps110") is ReportKind.HEARTBEAT


def test_who_says_how_long_the_last_state_lasted_tells_a_change() -> None:
    said = {"parking.occupied": True, "parking.previous_state_duration": 60}
    assert report_kind(said, "nwave_nps405sm") is ReportKind.CHANGE


def test_most_sensors_do_not_say() -> None:
    assert report_kind({"parking.occupied": True}, "bosch_tps110") is ReportKind.UNKNOWN
    assert report_kind({"parking.occupied": True, "device.temperature": 3.0}, "dingtek_do200") is ReportKind.UNKNOWN
