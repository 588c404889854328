"""The sink in parts: what all of them store together is what the sink stores."""

from collections.abc import Sequence
from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.memory.device_registry import MemoryDeviceRegistry
from adapters.memory.device_states import MemoryDeviceStates
from adapters.memory.loss_days import MemoryLossDays
from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.radio_metadata import MemoryRadioMetadata
from adapters.memory.reading_query import MemoryReadingQuery
from application.ports.derived_feed import Derived
from application.ports.reading_query import ReadingFilter
from application.subject_store import Stores, result_store
from domain.identifiers import DevEui
from domain.observation import MEASURANDS, Observation, Subject
from domain.radio import connection_info
from tests.contract.loss_days import DAY, a_loss_day
from tests.contract.result_store import (
    Kept,
    KeptReadings,
    KeptUplinks,
    OpenStore,
    ResultStoreContract,
    kept_reading,
)
from tests.support.builders import DEV, NOON_NS, a_device, a_device_state, a_reading, an_observation, an_uplink

_EVER = ReadingFilter(-(2**62), 2**62)


def stores() -> Stores:
    """Return empty stores."""
    return Stores(
        MemoryObservationStore(), MemoryDeviceStates(), MemoryDeviceRegistry(), MemoryLossDays(), MemoryRadioMetadata()
    )


class TestSubjectStores(ResultStoreContract):
    @pytest.fixture
    def stores(self) -> Stores:
        return stores()

    @pytest.fixture
    def open_store(self, stores: Stores) -> OpenStore:
        return lambda what: nullcontext(result_store(what, stores))

    @pytest.fixture
    def kept_readings(self, stores: Stores) -> KeptReadings:
        assert isinstance(stores.observations, MemoryObservationStore)
        query = MemoryReadingQuery(stores.observations)

        async def kept(device: DevEui) -> Kept:
            found = await query.page(device, _EVER, size=1_000)
            return sorted(kept_reading(each) for each in found)

        return kept

    @pytest.fixture
    def kept_uplinks(self, stores: Stores) -> KeptUplinks:
        async def kept(device: DevEui) -> list[tuple[int, str]]:
            found = await stores.radio.of_device(device, -(2**62), 2**62)
            return sorted((each.f_cnt, each.gateway_id) for each in found)

        return kept


_readings = st.builds(
    a_reading, st.sampled_from([*MEASURANDS, "tomorrow.thing"]), st.sampled_from(["", "1"]), st.integers(0, 9)
)
_observations = st.lists(
    st.builds(
        lambda readings, second, written: an_observation(
            *readings, event_ns=NOON_NS + second, written_us=NOON_NS // 1_000 + written
        ),
        st.lists(_readings, min_size=1, max_size=4),
        st.integers(0, 2),
        st.integers(0, 3),
    ),
    max_size=12,
)


def readings_in(kept: Stores) -> object:
    """Return all readings of the one device."""
    assert isinstance(kept.observations, MemoryObservationStore)
    return kept.observations.readings(DEV)


@given(_observations, st.permutations(list(Subject)))
async def test_together_they_keep_what_the_sink_keeps_in_whatever_order_they_run(
    observations: Sequence[Observation], order: Sequence[Subject]
) -> None:
    whole, parted = stores(), stores()
    await whole.observations.write(observations)
    for subject in order:
        store = result_store(subject, parted)
        for start in range(0, len(observations), 5):
            await store.store(Derived(observations[start : start + 5]))
    assert readings_in(parted) == readings_in(whole)


async def test_states_devices_and_losses_are_the_business_of_the_store_of_devices_alone() -> None:
    kept = stores()
    batch = Derived([], [a_device_state()], [a_device()], losses=[a_loss_day(DEV)])
    counts = [await result_store(subject, kept).store(batch) for subject in Subject]
    assert sum(counts) == counts[-1] == 3
    assert await kept.states.get(DEV) == a_device_state()
    assert await kept.devices.get(DEV) == a_device()
    assert await kept.losses.of_device(DEV, DAY, DAY) == [a_loss_day(DEV)]


async def test_radio_metadata_is_nobody_elses_business() -> None:
    kept = stores()
    batch = Derived(connections=[connection_info(an_uplink(1))])
    assert [await result_store(subject, kept).store(batch) for subject in Subject] == [0] * len(Subject)
    assert await result_store("radio_metadata", kept).store(batch) == 1


def test_a_store_for_nothing_there_is_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="wine"):
        result_store("wine", stores())
