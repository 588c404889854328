"""Uplinks that others published: each, said again in the server's words, is read as the facts that are known of it."""

import base64
import json
from pathlib import Path

import pytest

from adapters.chirpstack.envelope_reader import ChirpStackEnvelopeReader
from domain.radio import Reception, Uplink
from domain.rfc3339 import parse_rfc3339
from tests.support.json_messages import Json, changed
from tests.unit.adapters.chirpstack.messages import UP, event

FACTS = json.loads((Path(__file__).parents[3] / "vectors" / "envelopes_chirpstack_v4.json").read_text())["uplinks"]


def told(facts: Json) -> Json:
    """Return the event of which ``facts`` are known."""
    spreading_factor, bandwidth = facts["data_rate"].removeprefix("SF").split("BW")
    lora = {"bandwidth": int(bandwidth) * 1_000, "spreadingFactor": int(spreading_factor), "codeRate": "CR_4_5"}
    fields = {
        "deviceInfo.devEui": facts["device"],
        "deviceInfo.deviceName": facts["device_id"],
        "deviceInfo.applicationId": facts["application"],
        "deviceInfo.deviceProfileName": facts["profile"],
        "devAddr": facts["dev_addr"],
        "fCnt": facts["f_cnt"],
        "fPort": facts["f_port"],
        "data": base64.b64encode(bytes.fromhex(facts["payload"])).decode(),
        "time": facts["heard_at"],
        "rxInfo": [{"gatewayId": gateway, "rssi": rssi, "snr": snr} for gateway, rssi, snr in facts["heard_by"]],
        "txInfo": {"frequency": facts["frequency_hz"], "modulation": {"lora": lora}},
    }
    message = UP
    for path, value in fields.items():
        message = changed(message, path, value)
    return message


@pytest.mark.parametrize("facts", FACTS, ids=lambda facts: facts["source"].partition("VENDORS/")[2])
def test_a_published_uplink_is_read_as_what_is_known_of_it(facts: Json) -> None:
    uplink = ChirpStackEnvelopeReader().read(event(told(facts)))
    assert isinstance(uplink, Uplink), uplink
    assert (uplink.dev_eui, uplink.dev_addr) == (facts["device"], facts["dev_addr"])
    assert (uplink.device_id, uplink.application_id) == (facts["device_id"], facts["application"])
    assert (uplink.f_cnt, uplink.f_port, uplink.payload.hex()) == (facts["f_cnt"], facts["f_port"], facts["payload"])
    assert uplink.network_ns == parse_rfc3339(facts["heard_at"])
    assert uplink.receptions == tuple(Reception(gateway, rssi, snr) for gateway, rssi, snr in facts["heard_by"])
    assert (uplink.data_rate, uplink.frequency_hz) == (facts["data_rate"], facts["frequency_hz"])
