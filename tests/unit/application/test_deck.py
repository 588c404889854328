"""The first promise of the platform: an uplink of The Things Network comes out as what connected it.

A raw message goes in, read by the real reader, through the whole pure step; nothing stands between but a call.
"""

from adapters.ttn.envelope_reader import TtnEnvelopeReader
from application.ports.uplink_log import LoggedUplinks, RawUplink
from application.processing.batch import read_batch
from application.processing.outcome import Outcome
from application.processing.step import Step
from domain.decoding import Decoders
from domain.device import DeviceTypes
from domain.identifiers import DevEui

UPLINK = b"""
{"app_id": "excellent", "dev_id": "excellent-uno", "hardware_serial": "003E94C6AD72F129", "port": 1, "counter": 1917,
 "payload_raw": "AQI=", "metadata": {"time": "2017-04-28T11:30:40.62428417Z", "frequency": 868.3, "modulation": "LORA",
 "data_rate": "SF7BW125", "coding_rate": "4/5", "gateways": [{"gtw_id": "eui-0000024b0b03020e", "timestamp": 4105934507,
 "time": "", "channel": 1, "rssi": -83, "snr": 9.2, "rf_chain": 1}]}}
"""


def processed(body: bytes) -> Outcome:
    """Return what the step makes of one message of The Things Network v2."""
    raw = RawUplink("ttn", "ttn-v2", "excellent/devices/excellent-uno/up", body, 1_493_379_040_700_000)
    return Step(DeviceTypes({}), Decoders({})).process(
        read_batch(LoggedUplinks(0, [0], [raw]), TtnEnvelopeReader()), {}
    )


def test_an_uplink_tells_under_its_device_when_and_through_which_gateway_it_came() -> None:
    connections = {info.dev_eui: info for info in processed(UPLINK).connections}
    assert list(connections) == ["003e94c6ad72f129"]
    info = connections[DevEui("003e94c6ad72f129")]
    assert info.device_id == "excellent-uno"
    assert info.time == "2017-04-28T11:30:40.62428417Z"
    assert info.gateway_id == "eui-0000024b0b03020e"


def test_a_payload_that_nobody_can_read_takes_nothing_from_that() -> None:
    outcome = processed(UPLINK)
    assert [letter.reason for letter in outcome.dead_letters] == ["device_type_unknown"]
    assert [state.frames[0].received for state in outcome.states] == [1]


def test_a_message_cut_short_goes_to_the_dead_letters_whole() -> None:
    outcome = processed(UPLINK[:-10])
    assert outcome.connections == []
    assert [(letter.reason, letter.body) for letter in outcome.dead_letters] == [("envelope_unreadable", UPLINK[:-10])]
