"""Radio metadata in Cassandra keep the contract, and are kept for a time."""

import pytest

from adapters.cassandra.radio_metadata import CassandraRadioMetadata
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings
from application.ports.radio_metadata import RadioMetadata
from tests.contract.devices import a_fresh_device
from tests.contract.radio_metadata import RadioMetadataContract, heard
from tests.integration.cassandra.cql import cql
from tests.support.builders import NOON_NS

pytestmark = pytest.mark.integration
NOON_S = NOON_NS / 1e9
DAY_S = 86_400
EVER = (-(2**62), 2**62)


class TestCassandraRadioMetadata(RadioMetadataContract):
    @pytest.fixture
    def radio(self, session: CassandraSession) -> RadioMetadata:
        return CassandraRadioMetadata(session, wall_clock=lambda: NOON_S)


async def test_a_row_is_kept_for_thirty_days_from_its_uplink_on(
    session: CassandraSession, settings: ClusterSettings
) -> None:
    device = a_fresh_device()
    radio = CassandraRadioMetadata(session, wall_clock=lambda: NOON_S + 10 * DAY_S)
    await radio.write([heard(device, 1)])
    where = f"device = '{device}' AND day = {NOON_NS // 10**9 // DAY_S}"
    [(left_s,)] = cql(settings, f"SELECT TTL(body) FROM {{keyspace}}.radio_metadata WHERE {where}")  # noqa: S608  our own
    assert isinstance(left_s, int)
    assert 20 * DAY_S - 600 < left_s <= 20 * DAY_S


async def test_an_uplink_older_than_that_is_not_stored_any_more(session: CassandraSession) -> None:
    device = a_fresh_device()
    radio = CassandraRadioMetadata(session, wall_clock=lambda: NOON_S + 31 * DAY_S)
    await radio.write([heard(device, 1), heard(device, 2, seconds=30 * DAY_S)])
    assert [each.f_cnt for each in await radio.of_device(device, *EVER)] == [2]
    assert radio.expired == 1
