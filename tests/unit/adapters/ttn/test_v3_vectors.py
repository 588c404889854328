"""Uplinks that others published: each, said again in the server's words, is read as the facts that are known of it."""

import base64
import json
from pathlib import Path

import pytest

from adapters.ttn.envelope_reader import TtnEnvelopeReader
from domain.radio import Reception, Uplink
from domain.rfc3339 import format_rfc3339
from tests.support.json_messages import Json, changed
from tests.unit.adapters.ttn.messages import V3_UPLINK, v3

FACTS = json.loads((Path(__file__).parents[3] / "vectors" / "envelopes_tts_v3.json").read_text())["uplinks"]


def told(facts: Json) -> Json:
    """Return the message of which ``facts`` are known."""
    spreading_factor, bandwidth = facts["data_rate"].removeprefix("SF").split("BW")
    fields = {
        "end_device_ids.dev_eui": facts["device"],
        "end_device_ids.dev_addr": facts["dev_addr"].upper(),
        "end_device_ids.device_id": facts["device_id"],
        "end_device_ids.application_ids.application_id": facts["application"],
        "uplink_message.session_key_id": facts["session"],
        "uplink_message.f_port": facts["f_port"],
        "uplink_message.frm_payload": base64.b64encode(bytes.fromhex(facts["payload"])).decode(),
        "uplink_message.received_at": facts["heard_at"],
        "uplink_message.rx_metadata": [
            {"gateway_ids": {"gateway_id": gateway}, "rssi": rssi, "channel_rssi": rssi, "snr": snr}
            for gateway, rssi, snr in facts["heard_by"]
        ],
        "uplink_message.settings.data_rate.lora": {
            "bandwidth": int(bandwidth) * 1_000,
            "spreading_factor": int(spreading_factor),
        },
        "uplink_message.settings.frequency": str(facts["frequency_hz"]),
        "uplink_message.consumed_airtime": facts["airtime"],
        "uplink_message.f_cnt": facts["f_cnt"],
    }
    message = V3_UPLINK
    for path, value in fields.items():
        message = changed(message, path, value)
    if not facts["f_cnt"]:
        del message["uplink_message"]["f_cnt"]  # zero is not written
    return message


@pytest.mark.parametrize("facts", FACTS, ids=lambda facts: facts["source"].partition("VENDORS/")[2])
def test_a_published_uplink_is_read_as_what_is_known_of_it(facts: Json) -> None:
    uplink = TtnEnvelopeReader().read(v3(told(facts)))
    assert isinstance(uplink, Uplink), uplink
    assert uplink.dev_eui == facts["device"].lower()
    assert uplink.dev_addr == facts["dev_addr"]
    assert (uplink.device_id, uplink.application_id) == (facts["device_id"], facts["application"])
    assert (uplink.session, uplink.f_cnt, uplink.f_port) == (facts["session"], facts["f_cnt"], facts["f_port"])
    assert uplink.payload.hex() == facts["payload"]
    assert format_rfc3339(uplink.network_ns) == facts["heard_at"]
    assert uplink.receptions == tuple(Reception(gateway, rssi, snr) for gateway, rssi, snr in facts["heard_by"])
    assert (uplink.data_rate, uplink.frequency_hz) == (facts["data_rate"], facts["frequency_hz"])
    assert uplink.airtime_ns == round(float(facts["airtime"].removesuffix("s")) * 1e9)
