"""All uplinks that others published, in one city: each of its own device, since some there share device and counter."""

from msgspec import structs

from domain.radio import Uplink
from tests.support.json_messages import changed
from tests.unit.adapters.chirpstack import messages as chirpstack
from tests.unit.adapters.chirpstack import test_v4_vectors as chirpstack_v4
from tests.unit.adapters.ttn import messages as ttn
from tests.unit.adapters.ttn import test_v3_vectors as tts_v3
from tests.unit.envelopes.platform import READER, processed

ALL = [
    *(
        ttn.v3(changed(tts_v3.told(facts), "end_device_ids.dev_eui", f"{number:016X}"))
        for number, facts in enumerate(tts_v3.FACTS)
    ),
    *(
        chirpstack.event(changed(chirpstack_v4.told(facts), "deviceInfo.devEui", f"{number:016x}"))
        for number, facts in enumerate(chirpstack_v4.FACTS, start=len(tts_v3.FACTS))
    ),
]


def test_they_are_39_of_which_each_is_an_uplink_of_its_device() -> None:
    read = [READER.read(raw) for raw in ALL]
    assert [message.dev_eui for message in read if isinstance(message, Uplink)] == [f"{n:016x}" for n in range(39)]


def test_each_is_received_once_however_often_a_transport_gives_it() -> None:
    outcome = processed([*ALL, *(structs.replace(raw, mqtt_dup=True) for raw in ALL)])
    counts = [account.counts for device in outcome.memory.values() for account in device.accounts.values()]
    assert [each.received for each in counts] == [1] * 39
    assert outcome.counts.redelivered == 39
    assert outcome.counts.duplicate == 0
