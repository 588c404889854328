"""Of a message that cannot be parsed the device's name may tell whose it was, so that its gap is laid to us."""

import pytest

from adapters.ttn.envelope_reader import TtnEnvelopeReader
from application.ports.uplink_log import RawUplink
from domain.radio import Unreadable

READER = TtnEnvelopeReader()


def a_broken_message(name: str) -> RawUplink:
    """Return half an uplink of a device of that name."""
    return RawUplink("swu", "tts", f"v3/app@ulm/devices/{name}/up", b'{"end_device_ids"', 1)


def test_a_device_named_as_the_console_proposes_is_known_by_its_name() -> None:
    read = READER.read(a_broken_message("eui-70b3d57ed0000001"))
    assert isinstance(read, Unreadable)
    assert read.dev_eui == "70b3d57ed0000001"
    assert READER.dev_eui(a_broken_message("eui-70b3d57ed0000001")) == "70b3d57ed0000001"


@pytest.mark.parametrize("name", ["meter-0001", "eui-", "eui-70b3", "eui-70b3d57ed000000g"])
def test_any_other_name_tells_nothing(name: str) -> None:
    read = READER.read(a_broken_message(name))
    assert isinstance(read, Unreadable)
    assert read.dev_eui == ""
    assert read.reason == "envelope_unreadable"
