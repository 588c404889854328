"""Two bridges to one network server: everything comes twice, and one of them may die."""

import re
from pathlib import Path

import pytest

from tests.faults.experiment import Fault, experiment
from tests.faults.process import Process
from tests.faults.results import Results
from tests.faults.target import Target
from tests.support.eventually import until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_200)]

_START_S = 120.0


async def test_everything_comes_twice_and_one_bridge_dies(
    distributed: Target, results: Results, tmp_path: Path
) -> None:
    config = tmp_path / "ingest-2.toml"
    config.write_text(re.sub(r'client_id = ".*"', f'client_id = "second-{distributed.port}"', _settings(distributed)))
    async with experiment(distributed, results, Fault("14", "everything comes twice; a bridge dies", "ingest")) as run:
        with Process(tmp_path, "ingest", "--config", str(config)) as second:
            run.more.append(second)
            await until(lambda: "subscribed" in second.said(), _START_S)
            await run.goes_on()
            distributed["ingest"].killed_and_started()
            await run.goes_on()
            second.down()
            await run.goes_on()
        assert distributed["process"].laws()["process"]["redelivered"] > 0


def _settings(target: Target) -> str:
    return target.config.read_text()
