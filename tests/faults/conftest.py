"""Servers, platforms and results that all faults of a run share; what a fault has spoilt is made anew."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from tests.faults.results import Results, text, write
from tests.faults.servers import Servers
from tests.faults.target import Target, distributed_target, embedded_target

PAGE = "STADTFUNK_TEST_FAULTS_TO"
"""Names the page whose table the results are written to; `make faults` sets it."""
_RESULTS = pytest.StashKey[Results]()


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Servers of the suite's own."""
    with Servers() as servers:
        yield servers


@pytest.fixture(scope="session")
def results(request: pytest.FixtureRequest) -> Results:
    """What becomes of the faults."""
    return request.config.stash.setdefault(_RESULTS, Results())


class Standing:
    """A platform that stands for the whole run, and is replaced once it is spoilt."""

    def __init__(self, build: Callable[[], AbstractContextManager[Target]]) -> None:
        self._build = build
        self._running = ExitStack()
        self._target: Target | None = None

    def target(self) -> Target:
        """Return one that is well."""
        if self._target is None or self._target.is_spoilt:
            self.close()
            self._target = self._running.enter_context(self._build())
        return self._target

    def close(self) -> None:
        """End it."""
        self._running.close()
        self._target = None


@pytest.fixture(scope="session")
def _standing_distributed(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    standing = Standing(lambda: distributed_target(tmp_path_factory.mktemp("distributed"), servers))
    yield standing
    standing.close()


@pytest.fixture(scope="session")
def _standing_embedded(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    standing = Standing(lambda: embedded_target(tmp_path_factory.mktemp("embedded"), servers))
    yield standing
    standing.close()


@pytest.fixture
def distributed(_standing_distributed: Standing) -> Target:
    """All roles on Kafka and Cassandra."""
    return _standing_distributed.target()


@pytest.fixture
def embedded(_standing_embedded: Standing) -> Target:
    """The platform in one process."""
    return _standing_embedded.target()


@pytest.fixture(params=["distributed", "embedded"])
def either(request: pytest.FixtureRequest) -> Target:
    """Both, one after the other."""
    target: Target = request.getfixturevalue(request.param)
    return target


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what became of the faults, and write it down where a page is named."""
    results = config.stash.get(_RESULTS, None)
    if results is None or not results.rows:
        return
    terminalreporter.section("faults")
    terminalreporter.write_line(text(results.rows))
    if page := os.environ.get(PAGE):
        write(Path(page), results.rows)
