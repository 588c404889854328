"""Dragino LGT-92."""

import pytest

from domain.decoding import Decoded, Payload, Undecodable
from domain.observation import Position
from tests.unit.domain.decoding.vectors import codes_of, decode, values_of

_HERE = "02e2e3fd 0098621f"
_FLAGS = "60"


def decoded(hex_text: str, f_port: int = 2) -> Decoded:
    """Decode a message of the tracker."""
    return decode("dragino_lgt92", Payload(bytes.fromhex(hex_text), f_port, 0))


def test_south_and_west_are_negative() -> None:
    assert values_of(decoded(f"ffffffff fffffffe 0c2e {_FLAGS}"))["position/"] == Position(-10, -20)


def test_zero_and_zero_is_no_fix() -> None:
    found = decoded(f"00000000 00000000 0c2e {_FLAGS}")
    assert values_of(found)["position.fix/"] is False
    assert "position/" not in values_of(found)


def test_a_receiver_that_is_switched_off_has_no_fix() -> None:
    found = decoded(f"0fffffff 0fffffff 0b00 {_FLAGS}")
    assert values_of(found)["position.fix/"] is False
    assert [each.detail for each in found.notices] == ["the battery is too low"]


def test_an_alarm_stands_beside_the_battery() -> None:
    values = values_of(decoded(f"{_HERE} 4c2e {_FLAGS}"))
    assert (values["device.alarm/sos"], values["device.battery.voltage/"]) == (True, 3.118)


@pytest.mark.parametrize(
    "flags, mode, light, firmware, moves",
    [
        ("00", "disable", "false", "160", None),
        ("64", "move", "true", "164", True),
        ("80", "collide", "false", "160", None),
        ("df", "user", "false", "191", None),
    ],
)
def test_its_flags_are_how_it_is_set(flags: str, mode: str, light: str, firmware: str, moves: bool | None) -> None:
    found = decoded(f"{_HERE} 0c2e {flags}")
    assert found.attributes == {"config.motion_mode": mode, "config.light_enabled": light, "firmware": firmware}
    assert values_of(found).get("motion.moving/") is moves


def test_roll_and_pitch_may_be_negative() -> None:
    values = values_of(decoded(f"{_HERE} 0c2e {_FLAGS} ffb5 fe70"))
    assert (values["motion.tilt/roll"], values["motion.tilt/pitch"]) == (-0.75, -4.0)


def test_a_place_may_have_a_height_and_a_precision() -> None:
    found = decoded(f"{_HERE} 0c2e {_FLAGS} 004b 0190 78 ba38")
    assert values_of(found)["position/"] == Position(484_239_330, 99_865_910, altitude_m=-178.64)
    assert [(each.code, each.detail) for each in found.notices] == [("dilution_of_precision", "1.2")]


@pytest.mark.parametrize("length, code", [(10, "short"), (12, "short"), (14, "short"), (17, "short"), (19, "long")])
def test_a_cut_message_is_refused(length: int, code: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decoded("01" * length)
    assert caught.value.code == f"payload_too_{code}"


def test_other_ports_are_not_its() -> None:
    with pytest.raises(Undecodable) as caught:
        decoded("00", 42)
    assert caught.value.code == "f_port_unknown"


def test_a_message_without_a_fix_still_tells_all_else() -> None:
    assert codes_of(decoded(f"00000000 00000000 0c2e {_FLAGS} 004b 0190")) == ["position_missing"]
