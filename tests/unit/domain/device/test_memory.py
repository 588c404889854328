"""What is remembered of a device stays small, whatever the device says."""

from domain.device import with_latest, with_reported
from tests.support.builders import a_reading, an_observation


def channel(number: int) -> str:
    """Return one of 65,536 channels."""
    return f"ch{number // 256}.t{number % 256}"


def test_the_newest_reading_of_each_measurand_and_channel_is_remembered() -> None:
    known = with_latest({}, an_observation(a_reading(value=True), a_reading(channel="ch1"), event_ns=20))
    known = with_latest(known, an_observation(a_reading(value=False), event_ns=10))
    known = with_latest(known, an_observation(a_reading("device.temperature", value=1.0), event_ns=10))
    assert {key: latest.event_ns for key, latest in known.items()} == {
        "parking.occupied/": 20,
        "parking.occupied/ch1": 20,
        "device.temperature/": 10,
    }
    assert known["parking.occupied/"].value is True


def test_of_more_readings_than_any_device_has_the_newest_are_remembered() -> None:
    known = with_latest({}, an_observation(a_reading("device.temperature", value=1.0), event_ns=10_000))
    for n in range(1_200):
        known = with_latest(known, an_observation(a_reading(channel=channel(n)), event_ns=n))
    assert len(known) == 1_000
    assert "device.temperature/" in known
    assert min(latest.event_ns for latest in known.values()) == 201


def test_a_device_reports_what_it_is_anew() -> None:
    assert with_reported({"serial": "1", "firmware": "1.0"}, {"firmware": "1.1"}) == {"serial": "1", "firmware": "1.1"}


def test_of_more_attributes_than_any_device_has_the_first_stay_and_are_kept_up_to_date() -> None:
    known: dict[str, str] = {"firmware": "1.0"}
    for n in range(300):
        known = with_reported(known, {f"attribute-{n}": "x", "firmware": f"2.{n}"})
    assert len(known) == 200
    assert known["firmware"] == "2.299"
