"""What every store of device states promises."""

import asyncio

import pytest

from application.errors import NotFound
from application.ports.device_states import DeviceStates
from domain.device import DeviceState, FrameSummary, LatestValue
from domain.observation import Position
from tests.contract.devices import a_fresh_device
from tests.support.builders import NOON_NS, a_device_state

US = 1_767_268_800_000_000


class DeviceStatesContract:
    """Subclass with a fixture ``states``; the store need not be empty."""

    async def test_every_field_comes_back(self, states: DeviceStates) -> None:
        frames = (
            FrameSummary("swu", 1, 2, 3, 4, 5, 6, 7, 8, 9, 70_000),
            FrameSummary("ttn", 0, 0, 0, 1, 0, 0, 0, 0, 0, -1),
        )
        latest = (
            LatestValue("electricity.energy.active.import", "1.8.1", NOON_NS + 1, 123_456_789_012, -4),
            LatestValue("parking.occupied", "", NOON_NS, True),
            LatestValue("device.battery.voltage", "", NOON_NS, 3.0, 0, "implausible"),
            LatestValue("device.mode", "", NOON_NS, "ünder repair"),
            LatestValue("location.position", "", NOON_NS, Position(483984180, 99876543, "gnss", 478.5, 2.0, 7)),
        )
        state = DeviceState(a_fresh_device(), US, "imst_ioke868", "app", "zähler", NOON_NS + 5, frames, latest)
        await states.write([state])
        read_back = await states.get(state.dev_eui)
        assert read_back == state
        assert [type(value.value) for value in read_back.latest] == [int, bool, float, str, Position]

    async def test_a_device_never_heard_is_not_found(self, states: DeviceStates) -> None:
        with pytest.raises(NotFound):
            await states.get(a_fresh_device())

    async def test_an_empty_batch_is_stored(self, states: DeviceStates) -> None:
        await states.write([])

    async def test_of_two_states_the_later_written_stays_in_whichever_order_they_come(
        self, states: DeviceStates
    ) -> None:
        forth, back = a_fresh_device(), a_fresh_device()
        await states.write([a_device_state(forth, US, received=1)])
        await states.write([a_device_state(forth, US + 1, received=2)])
        await states.write([a_device_state(back, US + 1, received=2)])
        await states.write([a_device_state(back, US, received=1)])
        assert await states.get(forth) == a_device_state(forth, US + 1, received=2)
        assert await states.get(back) == a_device_state(back, US + 1, received=2)

    async def test_within_one_batch_the_later_written_stays_too(self, states: DeviceStates) -> None:
        device = a_fresh_device()
        await states.write([a_device_state(device, US + 1, received=2), a_device_state(device, US, received=1)])
        assert await states.get(device) == a_device_state(device, US + 1, received=2)

    async def test_a_later_state_replaces_the_whole_of_the_earlier(self, states: DeviceStates) -> None:
        device = a_fresh_device()
        value = LatestValue("parking.occupied", "", NOON_NS, True)
        earlier = DeviceState(device, US, "t", "app", "id", NOON_NS, a_device_state().frames, (value,))
        later = DeviceState(device, US + 1, "", "", "", 0, (), ())
        await states.write([earlier])
        await states.write([later])
        assert await states.get(device) == later

    async def test_repeating_a_write_changes_nothing(self, states: DeviceStates) -> None:
        state = a_device_state(a_fresh_device())
        await states.write([state])
        await states.write([state, state])
        assert await states.get(state.dev_eui) == state

    async def test_concurrent_writes_leave_the_latest(self, states: DeviceStates) -> None:
        device = a_fresh_device()
        versions = [a_device_state(device, US + number, received=number) for number in range(10)]
        await asyncio.gather(*[states.write([version]) for version in versions[::-1]])
        assert await states.get(device) == versions[-1]
