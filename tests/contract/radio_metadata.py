"""What every store of radio metadata promises."""

from application.ports.radio_metadata import RadioMetadata
from domain.identifiers import DevEui
from domain.radio import ConnectionInfo, connection_info
from tests.contract.devices import a_fresh_device
from tests.support.builders import NOON_NS, NS, a_reception, an_uplink

_DAY_S = 86_400
_EVER = (-(2**62), 2**62)


def heard(device: DevEui, f_cnt: int, seconds: float = 0.0, source: str = "swu") -> ConnectionInfo:
    """Return how an uplink was heard, ``seconds`` after noon."""
    receptions = (a_reception("ulm-muenster", -3.5), a_reception("ulm-donau", 7.0))
    return connection_info(an_uplink(f_cnt, dev_eui=device, seconds=seconds, source=source, receptions=receptions))


class RadioMetadataContract:
    """Subclass with the fixture ``radio``; it need not be empty."""

    async def test_nothing_is_stored(self, radio: RadioMetadata) -> None:
        await radio.write([])
        assert await radio.of_device(a_fresh_device(), *_EVER) == []

    async def test_every_field_comes_back(self, radio: RadioMetadata) -> None:
        device = a_fresh_device()
        written = heard(device, 7, seconds=0.123456789)
        await radio.write([written])
        assert list(await radio.of_device(device, *_EVER)) == [written]

    async def test_uplinks_come_newest_first_over_midnight(self, radio: RadioMetadata) -> None:
        device = a_fresh_device()
        uplinks = [heard(device, number, seconds=number * _DAY_S / 2) for number in range(5)]
        await radio.write(uplinks[2:])
        await radio.write(uplinks[:2])
        assert list(await radio.of_device(device, *_EVER)) == uplinks[::-1]

    async def test_only_those_heard_within_a_window_are_given(self, radio: RadioMetadata) -> None:
        device = a_fresh_device()
        uplinks = [heard(device, number, seconds=number) for number in range(5)]
        await radio.write(uplinks)
        found = await radio.of_device(device, NOON_NS + NS, NOON_NS + 3 * NS)
        assert list(found) == [uplinks[2], uplinks[1]]

    async def test_no_more_are_given_than_asked_for(self, radio: RadioMetadata) -> None:
        device = a_fresh_device()
        uplinks = [heard(device, number, seconds=number * _DAY_S / 2) for number in range(5)]
        await radio.write(uplinks)
        assert list(await radio.of_device(device, *_EVER, size=2)) == [uplinks[4], uplinks[3]]

    async def test_again_changes_nothing(self, radio: RadioMetadata) -> None:
        device = a_fresh_device()
        for _ in range(2):
            await radio.write([heard(device, 1), heard(device, 1)])
        assert len(await radio.of_device(device, *_EVER)) == 1

    async def test_two_sources_that_hear_a_counter_at_one_instant_are_two(self, radio: RadioMetadata) -> None:
        device = a_fresh_device()
        both = [heard(device, 1, source="swu"), heard(device, 1, source="ttn")]
        await radio.write(both)
        assert list(await radio.of_device(device, *_EVER)) == both

    async def test_devices_do_not_see_each_other(self, radio: RadioMetadata) -> None:
        first, second = a_fresh_device(), a_fresh_device()
        await radio.write([heard(first, 1), heard(second, 2)])
        assert [each.f_cnt for each in await radio.of_device(second, *_EVER)] == [2]
