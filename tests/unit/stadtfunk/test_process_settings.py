"""``[process]``: what is made of uplinks."""

from pathlib import Path

import pytest

from application.ports.uplink_log import LoggedUplinks
from application.processing.batch import read_batch
from stadtfunk.adapter_settings import mistakes_of
from stadtfunk.container.core import Core
from stadtfunk.settings import read_settings
from tests.unit.adapters.ttn.messages import V3_UPLINK, v3


@pytest.mark.parametrize(
    "text, records", [("", 1), ("[process]\nradio_metadata = true\n", 1), ("[process]\nradio_metadata = false\n", 0)]
)
def test_radio_metadata_is_written_unless_the_city_does_not_want_it(tmp_path: Path, text: str, records: int) -> None:
    file = tmp_path / "stadtfunk.toml"
    file.write_text(text)
    core = Core(settings=read_settings(file, {}, mistakes_of=mistakes_of))
    batch = read_batch(LoggedUplinks(0, range(1), [v3(V3_UPLINK)]), core.reader())
    assert len(core.step().process(batch, {}).connections) == records
