"""The stores of single subjects in Cassandra keep the contract."""

from contextlib import nullcontext

import pytest

from adapters.cassandra.device_registry import CassandraDeviceRegistry
from adapters.cassandra.device_states import CassandraDeviceStates
from adapters.cassandra.loss_days import CassandraLossDays
from adapters.cassandra.observation_store import CassandraObservationStore
from adapters.cassandra.radio_metadata import CassandraRadioMetadata
from adapters.cassandra.reading_query import CassandraReadingQuery
from adapters.cassandra.session import CassandraSession
from application.ports.reading_query import ReadingFilter
from application.subject_store import Stores, result_store
from domain.identifiers import DevEui
from tests.contract.result_store import (
    Kept,
    KeptReadings,
    KeptUplinks,
    OpenStore,
    ResultStoreContract,
    kept_reading,
)
from tests.support.builders import NOON_NS

pytestmark = pytest.mark.integration
_EVER = ReadingFilter(-(2**62), 2**62)


class TestCassandraSubjectStores(ResultStoreContract):
    @pytest.fixture
    def stores(self, session: CassandraSession) -> Stores:
        return Stores(
            CassandraObservationStore(session),
            CassandraDeviceStates(session),
            CassandraDeviceRegistry(session),
            CassandraLossDays(session),
            CassandraRadioMetadata(session, wall_clock=lambda: NOON_NS / 1e9),
        )

    @pytest.fixture
    def open_store(self, stores: Stores) -> OpenStore:
        return lambda what: nullcontext(result_store(what, stores))

    @pytest.fixture
    def kept_readings(self, session: CassandraSession) -> KeptReadings:
        query = CassandraReadingQuery(session)

        async def kept(device: DevEui) -> Kept:
            return sorted(kept_reading(each) for each in await query.page(device, _EVER, size=1_000))

        return kept

    @pytest.fixture
    def kept_uplinks(self, stores: Stores) -> KeptUplinks:
        async def kept(device: DevEui) -> list[tuple[int, str]]:
            found = await stores.radio.of_device(device, -(2**62), 2**62)
            return sorted((each.f_cnt, each.gateway_id) for each in found)

        return kept
