"""Which kind of device speaks."""

import pytest

from domain.device import DeviceTypeRule, DeviceTypes
from tests.support.builders import an_uplink

TYPES = DeviceTypes(
    {"imst/ioke868": "imst_ioke868"},
    (
        DeviceTypeRule("nas_um30xx", "swu-water", "meter-[0-9]*"),
        DeviceTypeRule("bosch_tps110", "swu-*"),
        DeviceTypeRule("anything"),
    ),
)


@pytest.mark.parametrize(
    "application_id, device_id, device_type",
    [
        ("swu-water", "meter-0001", "nas_um30xx"),
        ("swu-water", "pump-0001", "bosch_tps110"),
        ("swu-parking", "meter-0001", "bosch_tps110"),
        ("elsewhere", "meter-0001", "anything"),
    ],
)
def test_the_first_rule_that_matches_application_and_device_decides(
    application_id: str, device_id: str, device_type: str
) -> None:
    assert TYPES.of(an_uplink(application_id=application_id, device_id=device_id)) == device_type


def test_the_model_that_the_network_server_names_decides_before_any_rule() -> None:
    assert TYPES.of(an_uplink(model="imst/ioke868", application_id="swu-water")) == "imst_ioke868"


def test_a_model_that_nobody_knows_leaves_it_to_the_rules() -> None:
    assert TYPES.of(an_uplink(model="acme/unheard-of", application_id="swu-parking")) == "bosch_tps110"


def test_without_a_match_no_type_is_known() -> None:
    assert DeviceTypes({}, (DeviceTypeRule("x", "other"),)).of(an_uplink()) == ""
