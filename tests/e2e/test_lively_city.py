"""The embedded platform under a city where everything happens: what it serves is the truth."""

from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.platform import embedded
from tests.e2e.truth import poison_of, read_truth, served_frames, served_readings
from tests.support.eventually import eventually, until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

_DEVICES = 250
_CITY = """
[[sources]]
kind = "simulated_city"
devices = {devices}
rate = 0
uplinks = 10000
resets = 0.5
exchanges = 0.5
leaks = 1.0
faults = 0.5
outages = 0.1
migrations = 0.3
truth_file = "{truth}"
"""


async def test_everything_happens_and_it_serves_the_truth(tmp_path: Path) -> None:
    file = tmp_path / "truth.jsonl"
    with embedded(tmp_path, _CITY.format(truth=file, devices=_DEVICES)) as platform:
        await until(lambda: file.exists() and file.read_bytes().count(b'"kind":"device"') == _DEVICES, deadline_s=120)
        truth = read_truth(file)
        async with platform.client() as client:
            await eventually(lambda: served_frames(client, truth), expected=truth.frames, deadline_s=120)
            assert await served_readings(client, truth) == truth.reading_keys
        letters = await platform.dead_letters()
    assert poison_of(list(letters)) == Counter(each.topic for each in truth.poison)
    assert {each.what for each in truth.incidents} >= {
        *("reset", "migration", "meter_exchange", "leak", "lamp_fault", "gateway_outage"),
    }
    sources = {session.source for device in truth.devices.values() for session in device.sessions}
    assert sources == {"city", "city-chirpstack", "city-ttn-v2"}
