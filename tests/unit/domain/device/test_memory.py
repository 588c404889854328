"""What is remembered of a device stays small, whatever the device says."""

from domain.device import with_reported


def test_a_device_reports_what_it_is_anew() -> None:
    assert with_reported({"serial": "1", "firmware": "1.0"}, {"firmware": "1.1"}) == {"serial": "1", "firmware": "1.1"}


def test_of_more_attributes_than_any_device_has_the_first_stay_and_are_kept_up_to_date() -> None:
    known: dict[str, str] = {"firmware": "1.0"}
    for n in range(300):
        known = with_reported(known, {f"attribute-{n}": "x", "firmware": f"2.{n}"})
    assert len(known) == 200
    assert known["firmware"] == "2.299"
