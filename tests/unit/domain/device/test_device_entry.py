"""What the administration says of a device."""

import msgspec

from domain.device import DeviceEntry
from domain.identifiers import DevEui
from domain.observation import Position

EUI = DevEui("70b3d5e75e000001")
FULL = DeviceEntry(
    EUI,
    1,
    device_type="imst_ioke868",
    labels={"contract": "4711"},
    place=Position(484_000_000, 99_900_000, "surveyed"),
    installed_ns=10,
    removed_ns=20,
    registers={"1-0:1.8.0": "electricity.energy.active.import"},
    keys={"app_key": "00112233445566778899aabbccddeeff"},
)


def test_it_is_stored_under_its_dev_eui_with_its_kind() -> None:
    assert FULL.key == EUI
    assert msgspec.json.decode(msgspec.json.encode(FULL))["type"] == "device"


def test_it_comes_back_as_it_was_stored() -> None:
    assert msgspec.json.decode(msgspec.json.encode(FULL), type=DeviceEntry) == FULL


def test_its_keys_are_never_printed() -> None:
    for text in (repr(FULL), str(FULL), f"{[FULL]}"):
        assert "00112233" not in text
        assert "contract" in text


def test_a_device_is_in_service_from_its_installation_until_its_removal() -> None:
    assert [FULL.in_service(at_ns) for at_ns in (9, 10, 19, 20)] == [False, True, True, False]


def test_a_device_without_dates_is_always_in_service() -> None:
    assert DeviceEntry(EUI, 1).in_service(0)
