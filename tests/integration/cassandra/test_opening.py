"""A Cassandra that cannot be used: one clear line, soon, and of the right kind."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings
from application.errors import ApplicationError, Refused, Unavailable
from tests.integration.cassandra.conftest import migration
from tests.support.eventually import soon

pytestmark = pytest.mark.integration

SOON_S = 15.0
"""Where a connection may take one or two, and others may be at work on this machine."""


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


async def failure(settings: ClusterSettings) -> ApplicationError:
    """Return why no session can be opened; the migration says the same."""
    with pytest.raises(ApplicationError) as opened:
        await soon(CassandraSession(settings).__aenter__(), SOON_S)
    with pytest.raises(ApplicationError) as migrated:
        await soon(migration(settings).migrate(), SOON_S)
    assert migrated.value.message == opened.value.message
    assert "\n" not in opened.value.message
    return opened.value


async def test_nobody_listening_is_unavailable_and_says_where(settings: ClusterSettings, closed_port: int) -> None:
    error = await failure(replace(settings, contact_points=("127.0.0.1", "127.0.0.2"), port=closed_port))
    assert isinstance(error, Unavailable)
    assert f"does not answer at 127.0.0.1:{closed_port}, 127.0.0.2:{closed_port}" in error.message
    assert "cassandra.contact_points" in error.message


async def test_a_silent_node_is_given_up_in_time(settings: ClusterSettings, silent_port: int) -> None:
    error = await failure(replace(settings, port=silent_port, connect_timeout_s=1.0))
    assert isinstance(error, Unavailable)
    assert "no answer in time" in error.message


async def test_waiting_for_a_silent_node_does_not_block_the_loop(settings: ClusterSettings, silent_port: int) -> None:
    opening = asyncio.ensure_future(
        CassandraSession(replace(settings, port=silent_port, connect_timeout_s=2.0)).__aenter__()
    )
    for _ in range(100):
        await asyncio.sleep(0)
    assert not opening.done()
    with pytest.raises(Unavailable):
        await opening


async def test_an_unknown_name_is_unavailable(settings: ClusterSettings) -> None:
    error = await failure(replace(settings, contact_points=("cassandra.invalid",)))
    assert isinstance(error, Unavailable)
    assert "unknown to the name service" in error.message


async def test_a_wrong_data_centre_is_refused_and_the_right_one_named(settings: ClusterSettings) -> None:
    error = await failure(replace(settings, local_dc="ulm"))
    assert isinstance(error, Refused)
    assert error.message.endswith("has no data centre 'ulm', but datacenter1: set cassandra.local_dc")


async def test_a_missing_password_file_is_refused_by_its_name(settings: ClusterSettings, tmp_path: Path) -> None:
    error = await failure(replace(settings, username="sink", password_file=str(tmp_path / "none")))
    assert isinstance(error, Refused)
    assert str(tmp_path / "none") in error.message


async def test_a_missing_authority_is_refused_by_its_name(settings: ClusterSettings, tmp_path: Path) -> None:
    error = await failure(replace(settings, ca_file=str(tmp_path / "none.pem")))
    assert isinstance(error, Refused)
    assert str(tmp_path / "none.pem") in error.message


async def test_a_node_without_tls_is_refused_where_tls_is_asked_for(settings: ClusterSettings) -> None:
    error = await failure(replace(settings, ca_file="/etc/ssl/certs/ca-certificates.crt"))
    assert isinstance(error, Refused)
    assert "no TLS with Cassandra" in error.message


async def test_credentials_go_to_a_node_that_asks_for_none(settings: ClusterSettings, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("pass word\n")
    async with CassandraSession(replace(settings, username="sink", password_file=str(secret))) as session:
        assert "pass word" not in repr(session)
