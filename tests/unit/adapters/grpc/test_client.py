"""The client: what the server stores comes back as domain values, and every failure is one clear line."""

import socket
from pathlib import Path

import pytest

from adapters.grpc.class_reading_client import ClassReadingClient
from adapters.grpc.client import GrpcClient, Wanted
from adapters.grpc.limits import Limits
from application.errors import ApplicationError, NotFound, Refused, Unavailable
from application.ports.reading_query import StoredReading
from domain.device import DeviceState, FrameSummary, LatestValue
from tests.support.builders import DEV, NOON_NS, NS, a_device, a_reading, an_observation
from tests.support.eventually import soon
from tests.unit.adapters.grpc.faults import FaultyReadings, SlowReadings, SteadyReadings
from tests.unit.adapters.grpc.platform import Listening, Platform, every_quarter
from tests.unit.adapters.grpc.tls_files import written

OTHER = "00000000000000aa"
QUARTER_NS = 900 * NS


async def everything_of(client: GrpcClient, *devices: str, wanted: Wanted = Wanted()) -> list[StoredReading]:  # noqa: B008  frozen
    """Stream to the end."""
    return [reading async for chunk in client.query_readings(devices, wanted) for reading in chunk]


class TestReadings:
    async def test_rows_and_columns_are_what_was_stored(self, platform: Platform) -> None:
        readings = (
            a_reading("electricity.energy.active.import", "", 2**53 + 1, -4),
            a_reading("electricity.energy.active.import", "t1", 1, -4),
            a_reading("parking.occupied", "", value=False),
        )
        for event_ns in (NOON_NS, NOON_NS + 1):
            await platform.stored(an_observation(*readings, event_ns=event_ns, f_cnt=7))
        stored = sorted(platform.store.readings(DEV).items())
        async with GrpcClient(platform.address) as client:
            assert await everything_of(client, DEV) == [reading for _, reading in stored]
            rows = await client.list_readings(DEV)
        newest_first = sorted(stored, key=lambda each: (-each[0][0], each[0][1:]))
        assert rows == [reading for _, reading in newest_first]

    async def test_more_than_a_page_can_be_listed(self, platform: Platform) -> None:
        await platform.stored(*every_quarter(2_500, DEV))
        async with GrpcClient(platform.address) as client:
            assert [each.f_cnt for each in await client.list_readings(DEV, limit=2_100)] == list(range(2_499, 399, -1))
            assert len(await client.list_readings(DEV, limit=9_999)) == 2_500
            assert len(await client.list_readings(DEV)) == 50

    async def test_only_what_is_wanted_comes(self, platform: Platform) -> None:
        await platform.stored(*every_quarter(4, DEV))
        wanted = Wanted(NOON_NS + QUARTER_NS, NOON_NS + 3 * QUARTER_NS, ["parking.occupied"], [""])
        async with GrpcClient(platform.address) as client:
            assert [each.f_cnt for each in await client.list_readings(DEV, wanted)] == [2, 1]
            assert [each.f_cnt for each in await everything_of(client, DEV, wanted=wanted)] == [1, 2]
            nothing = Wanted(measurands=["water.volume"])
            assert await client.list_readings(DEV, nothing) == []

    async def test_devices_come_one_after_the_other(self, platform: Platform) -> None:
        await platform.stored(*every_quarter(1_500, DEV), *every_quarter(1, OTHER))
        async with GrpcClient(platform.address) as client:
            devices = [reading.dev_eui for reading in await everything_of(client, OTHER, DEV)]
        assert devices == [OTHER, *(1_500 * [DEV])]

    async def test_more_than_one_stream_may_send_comes_all_the_same(self) -> None:
        async with Platform(Limits(most_readings=1_500)).running() as platform:
            await platform.stored(*every_quarter(2_500, DEV), *every_quarter(700, OTHER))
            async with GrpcClient(platform.address) as client:
                readings = await everything_of(client, DEV, OTHER)
        expected = [(DEV, number) for number in range(2_500)] + [(OTHER, number) for number in range(700)]
        assert [(each.dev_eui, each.f_cnt) for each in readings] == expected

    async def test_a_stream_that_may_send_nothing_is_not_asked_for_ever(self) -> None:
        async with Platform(Limits(most_readings=0)).running() as platform:
            await platform.stored(*every_quarter(1, DEV))
            async with GrpcClient(platform.address) as client:
                with pytest.raises(Unavailable, match="a stream sends at most 0 readings"):
                    await soon(everything_of(client, DEV))

    async def test_a_stream_may_be_left_before_its_end(self, platform: Platform) -> None:
        await platform.stored(*every_quarter(2_500, DEV))
        async with GrpcClient(platform.address) as client:
            stream = client.query_readings([DEV])
            assert len(await anext(stream)) == 1_000
            await stream.aclose()
            assert len(await client.list_readings(DEV)) == 50


class TestDevices:
    async def test_devices_are_what_was_registered(self, platform: Platform) -> None:
        devices = [a_device(f"{number:016x}") for number in range(1_200)]
        await platform.registry.register(devices)
        async with GrpcClient(platform.address) as client:
            assert await client.list_devices(limit=5_000) == devices
            assert await client.list_devices(limit=3) == devices[:3]
            assert await client.list_devices(device_type="nas_um30xx") == []

    async def test_a_device_comes_with_its_state(self, platform: Platform) -> None:
        device = a_device()
        frames = FrameSummary("swu", 10, 2, 3, 4, 5, 6, 7, 8, 9, 41)
        latest = LatestValue("parking.occupied", "", NOON_NS, value=True)
        state = DeviceState(
            DEV, 5, device.device_type, device.application_id, device.device_id, NOON_NS, (frames,), (latest,)
        )
        await platform.registry.register([device])
        await platform.states.write([state])
        async with GrpcClient(platform.address) as client:
            assert await client.get_device(DEV) == device
            assert await client.get_device_and_state(DEV) == (device, state)


async def failure_of(client: GrpcClient) -> ApplicationError:
    """Return how asking for readings fails; it is one line."""
    with pytest.raises(ApplicationError) as failed:
        async with client:
            await client.list_readings(DEV)
    assert "\n" not in failed.value.message
    return failed.value


class TestFailures:
    async def test_a_server_that_is_not_there_is_named(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # and does not listen
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            error = await failure_of(GrpcClient(address))
        assert isinstance(error, Unavailable)
        assert error.message.startswith(f"no stadtfunk answers at {address}: start one with 'stadtfunk run'")

    async def test_an_unknown_device_is_not_found(self, platform: Platform) -> None:
        error = await failure_of(GrpcClient(platform.address))
        assert isinstance(error, NotFound)
        assert DEV in error.message

    async def test_a_mistake_is_refused_in_the_servers_words(self, platform: Platform) -> None:
        async with GrpcClient(platform.address) as client:
            with pytest.raises(Refused, match=r"^'devices/x' is not devices/\{dev_eui\}"):
                await client.get_device("x")
            with pytest.raises(Refused, match="no measurand"):
                await client.list_readings(DEV, Wanted(measurands=["x"]))
            with pytest.raises(Refused, match="1 to 1000"):
                await everything_of(client)

    async def test_a_store_that_does_not_answer_is_said_so(self) -> None:
        async with Platform(readings=FaultyReadings(Unavailable("no host"))).running() as platform:
            error = await failure_of(GrpcClient(platform.address))
        assert isinstance(error, Unavailable)
        assert error.message == "the store does not answer now: try again"

    async def test_a_stream_that_breaks_says_so(self) -> None:
        platform = Platform(readings=FaultyReadings(Unavailable("no host")))
        async with platform.server, GrpcClient(platform.address) as client:
            with pytest.raises(Unavailable, match="the store does not answer now"):
                await everything_of(client, DEV)

    async def test_a_stream_that_brings_nothing_ends_after_the_time_given(self) -> None:
        slow = SlowReadings()
        async with Platform(readings=slow).running() as platform, GrpcClient(platform.address, call_s=0.2) as client:
            with pytest.raises(Unavailable, match=r"^the stadtfunk at \S+ sent nothing for 0\.2 s"):
                await soon(everything_of(client, DEV))
            await soon(slow.left.wait())

    async def test_a_stream_that_falls_silent_ends_after_the_time_given(self) -> None:
        silent = SlowReadings(after=every_quarter(1, DEV))
        async with Platform(readings=silent).running() as platform, GrpcClient(platform.address, call_s=0.2) as client:
            stream = client.query_readings([DEV])
            assert len(await anext(stream)) == 1
            with pytest.raises(Unavailable, match=r"sent nothing for 0\.2 s"):
                await soon(anext(stream))

    async def test_a_stream_may_take_longer_than_the_time_given_for_a_part_of_it(self) -> None:
        steady = SteadyReadings(parts=25, pause_s=0.1)
        async with Platform(readings=steady).running() as platform, GrpcClient(platform.address, call_s=2.0) as client:
            assert len(await everything_of(client, DEV)) == 25

    async def test_readings_of_a_class_that_bring_nothing_end_after_the_time_given(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as mute:
            async with ClassReadingClient(f"127.0.0.1:{mute.getsockname()[1]}", call_s=0.2) as client:
                with pytest.raises(Unavailable, match=r"sent nothing for 0\.2 s"):
                    await soon(anext(client.query_class_readings("parking", NOON_NS, NOON_NS + NS)))

    async def test_what_is_no_stadtfunk_is_said_so(self, platform: Platform) -> None:
        with socket.create_server(("127.0.0.1", 0)) as mute:
            mute.settimeout(0)
            error = await failure_of(GrpcClient(f"127.0.0.1:{mute.getsockname()[1]}", call_s=0.2))
        assert isinstance(error, Unavailable)


class TestTls:
    async def test_through_tls_the_answers_are_the_same(self, tmp_path: Path) -> None:
        certificate, key = written(tmp_path)
        listening = Listening(host="0.0.0.0", certificate_file=certificate, key_file=key)  # noqa: S104  with TLS
        platform = Platform(listening=listening)
        async with platform.server:
            await platform.stored(*every_quarter(3, DEV))
            async with GrpcClient(platform.address, ca_file=certificate) as client:
                assert len(await client.list_readings(DEV)) == 3

    async def test_without_tls_there_is_no_answer_from_a_server_that_has_it(self, tmp_path: Path) -> None:
        certificate, key = written(tmp_path)
        platform = Platform(listening=Listening(certificate_file=certificate, key_file=key))
        async with platform.server:
            assert isinstance(await failure_of(GrpcClient(platform.address)), Unavailable)

    async def test_a_missing_authority_is_named(self) -> None:
        error = await failure_of(GrpcClient("127.0.0.1:1", ca_file="/nowhere/ca.pem"))
        assert isinstance(error, Refused)
        assert "/nowhere/ca.pem" in error.message

    async def test_files_that_are_no_certificate_are_refused(self, tmp_path: Path) -> None:
        useless = tmp_path / "useless.pem"
        useless.write_text("nothing")
        platform = Platform(listening=Listening(certificate_file=str(useless), key_file=str(useless)))
        with pytest.raises(Refused, match=r"^grpc\.certificate_file and grpc\.key_file are no PEM chain[^\n]+$"):
            await platform.server.start()
