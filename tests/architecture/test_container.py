"""Every provider builds: mypy sees a wrong class behind a port, but not a wrong argument of its construction."""

from pathlib import Path

import pytest

from stadtfunk.container.distributed import Distributed
from stadtfunk.container.embedded import Embedded
from stadtfunk.settings import DataSettings, MqttSourceSettings, Settings, SimulatedCitySourceSettings

CONTAINERS = [Embedded, Distributed]


@pytest.mark.parametrize(
    "container,name", [(container, name) for container in CONTAINERS for name in container.providers]
)
def test_the_provider_builds_and_touches_nothing(
    container: type[Embedded | Distributed], name: str, tmp_path: Path
) -> None:
    settings = Settings(
        data=DataSettings(folder=str(tmp_path)),
        sources=(SimulatedCitySourceSettings(), MqttSourceSettings(name="broker", host="127.0.0.1", topics=["#"])),
    )
    assert container(settings=settings).providers[name]() is not None
    assert list(tmp_path.iterdir()) == []
