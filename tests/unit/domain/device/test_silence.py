"""Who should have spoken."""

import pytest

from domain.device import DeviceEntry
from domain.device.silence import silent_since_ns
from domain.identifiers import DevEui

S = 1_000_000_000
EUI = DevEui("70b3d5e75e000001")
HOURLY = DeviceEntry(EUI, 1, installed_ns=1_000 * S, expected_interval_s=3_600)


@pytest.mark.parametrize(
    "last_seen_s, at_s, since_s",
    [
        (10_000, 13_600, None),
        (10_000, 13_601, 10_000),
        (0, 4_600, None),
        (0, 4_601, 1_000),
        (500, 4_601, 1_000),
    ],
)
def test_a_device_is_silent_once_it_is_later_than_expected(last_seen_s: int, at_s: int, since_s: int | None) -> None:
    since_ns = silent_since_ns(HOURLY, last_seen_s * S, at_s * S)
    assert since_ns == (None if since_s is None else since_s * S)


def test_a_device_of_which_nothing_is_expected_is_never_silent() -> None:
    assert silent_since_ns(DeviceEntry(EUI, 1), 0, 10**18) is None


def test_a_device_out_of_service_is_not_silent() -> None:
    removed = DeviceEntry(EUI, 1, installed_ns=1_000 * S, removed_ns=2_000 * S, expected_interval_s=60)
    assert silent_since_ns(removed, 0, 2_000 * S) is None
    assert silent_since_ns(HOURLY, 0, 999 * S) is None
