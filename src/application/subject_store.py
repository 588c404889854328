"""The sink in parts: each stores what is of one subject, and all together what the sink stores."""

from msgspec import Struct

from application.ports.connector import ResultStore
from application.ports.derived_feed import Derived
from application.ports.device_registry import DeviceRegistry
from application.ports.device_states import DeviceStates
from application.ports.loss_days import LossDays
from application.ports.observation_store import ObservationStore
from application.ports.radio_metadata import RadioMetadata
from domain.observation import Subject, parts_of


class SubjectStore:
    """Stores the readings of one subject; keeps the promises of ``ResultStore``."""

    def __init__(self, subject: Subject, observations: ObservationStore) -> None:
        self._subject = subject
        self._observations = observations

    async def store(self, batch: Derived) -> int:
        """Store what is of the subject; return of how many records."""
        parts = parts_of(batch.observations, self._subject)
        if parts:
            await self._observations.write(parts)
        return len(parts)


class DeviceStore:
    """Stores what is said of devices themselves: readings, states, master data, and the loss ledger."""

    def __init__(
        self, observations: ObservationStore, states: DeviceStates, devices: DeviceRegistry, losses: LossDays
    ) -> None:
        self._readings = SubjectStore(Subject.DEVICES, observations)
        self._states = states
        self._devices = devices
        self._losses = losses

    async def store(self, batch: Derived) -> int:
        """Store what is about devices; return how many records."""
        if batch.states:
            await self._states.write(batch.states)
        if batch.devices:
            await self._devices.register(batch.devices)
        if batch.losses:
            await self._losses.write(batch.losses)
        return await self._readings.store(batch) + len(batch.states) + len(batch.devices) + len(batch.losses)


class RadioStore:
    """Stores how uplinks reached the network, which the sink does not."""

    def __init__(self, radio: RadioMetadata) -> None:
        self._radio = radio

    async def store(self, batch: Derived) -> int:
        """Store radio metadata; return how many records."""
        if batch.connections:
            await self._radio.write(batch.connections)
        return len(batch.connections)


RADIO_METADATA = "radio_metadata"
"""What the sink leaves out; everything else that has a store of its own is a ``Subject``."""


class Stores(Struct, frozen=True):
    """Where results are kept."""

    observations: ObservationStore
    states: DeviceStates
    devices: DeviceRegistry
    losses: LossDays
    radio: RadioMetadata


def result_store(what: str, stores: Stores) -> ResultStore:
    """Return the store of ``what``: ``radio_metadata`` or a subject.

    Raises:
        ValueError: it is neither.
    """
    if what == RADIO_METADATA:
        return RadioStore(stores.radio)
    if what == Subject.DEVICES:
        return DeviceStore(stores.observations, stores.states, stores.devices, stores.losses)
    return SubjectStore(Subject(what), stores.observations)
