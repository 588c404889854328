"""Radio metadata in memory keep the contract."""

import pytest

from adapters.memory.radio_metadata import MemoryRadioMetadata
from application.ports.radio_metadata import RadioMetadata
from tests.contract.radio_metadata import RadioMetadataContract


class TestMemoryRadioMetadata(RadioMetadataContract):
    @pytest.fixture
    def radio(self) -> RadioMetadata:
        return MemoryRadioMetadata()
