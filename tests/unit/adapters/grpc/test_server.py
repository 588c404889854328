"""The server's life: where it listens, how it says that it is well, how it stops."""

import asyncio
import logging
from typing import TypeAlias

import grpc
import pytest
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2

from adapters.grpc.limits import Limits
from application.errors import Refused
from stadtfunk.api.device.v1.device_service_pb2 import GetDeviceRequest
from stadtfunk.api.reading.v1.reading_service_pb2 import (
    ListReadingsRequest,
    QueryReadingsRequest,
    QueryReadingsResponse,
)
from tests.support.builders import DEV, a_device
from tests.support.eventually import soon
from tests.unit.adapters.grpc.faults import EndlessReadings, SlowReadings
from tests.unit.adapters.grpc.platform import Listening, Platform, explained
from tests.unit.adapters.grpc.probes import check, reflect, status, watch

LONG_S = 150.0
"""A grace longer than a test may take (120 s): a stop that waits for it fails."""
READING_SERVICE = "stadtfunk.api.reading.v1.ReadingService"
DEVICE_SERVICE = "stadtfunk.api.device.v1.DeviceService"
SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
ASKED = QueryReadingsRequest(devices=[f"devices/{DEV}"])


Stream: TypeAlias = "grpc.aio.UnaryStreamCall[QueryReadingsRequest, QueryReadingsResponse]"


async def drained(stream: Stream) -> None:
    """Read until the stream ends."""
    while await stream.read() is not grpc.aio.EOF:
        pass


class TestListening:
    async def test_a_taken_port_is_one_clear_line(self, platform: Platform) -> None:
        second = Platform(listening=Listening(port=platform.server.port))
        with pytest.raises(
            Refused, match=rf"^127\.0\.0\.1:{platform.server.port} is taken by another process: [^\n]+$"
        ):
            await second.server.start()

    async def test_the_port_is_free_again_after_the_stop(self) -> None:
        async with Platform().running() as first:
            port = first.server.port
        async with Platform(listening=Listening(port=port)).running() as second:
            assert second.server.port == port

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "city.example"])  # noqa: S104  to be refused
    async def test_without_tls_other_machines_are_kept_out(self, host: str) -> None:
        with pytest.raises(Refused, match="--insecure"):
            await Platform(listening=Listening(host=host)).server.start()

    async def test_other_machines_may_come_if_that_is_said(self) -> None:
        async with Platform(listening=Listening(host="0.0.0.0", insecure=True)).running() as platform:  # noqa: S104  said
            await platform.registry.register([a_device()])
            await platform.devices.GetDevice(GetDeviceRequest(name=f"devices/{DEV}"))

    @pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2"])
    async def test_loopback_has_several_names(self, host: str) -> None:
        async with Platform(listening=Listening(host=host)).server as server:
            assert server.port > 0

    async def test_an_address_of_another_machine_is_one_clear_line(self) -> None:
        with pytest.raises(Refused, match=r"^gRPC cannot listen on 192\.0\.2\.1:0: [^\n]+$"):
            await Platform(listening=Listening(host="192.0.2.1", insecure=True)).server.start()

    async def test_a_name_that_nobody_has_is_one_clear_line(self) -> None:
        with pytest.raises(Refused, match=r"^grpc\.host = 'nobody\.invalid': [^\n]+$"):
            await Platform(listening=Listening(host="nobody.invalid", insecure=True)).server.start()

    async def test_a_file_of_tls_that_is_not_there_is_named(self) -> None:
        listening = Listening(certificate_file="/nowhere/chain.pem", key_file="/nowhere/key.pem")
        with pytest.raises(Refused, match=r"^grpc\.key_file = '/nowhere/key\.pem': [^\n]+$"):
            await Platform(listening=listening).server.start()


class TestHealth:
    @pytest.mark.parametrize("service", ["", READING_SERVICE, DEVICE_SERVICE])
    async def test_the_server_and_each_service_say_that_they_serve(self, platform: Platform, service: str) -> None:
        answer = await check(platform.channel, service)
        assert answer.status == SERVING

    async def test_an_unknown_service_is_not_found(self, platform: Platform) -> None:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await check(platform.channel, "city.Water")
        assert refused.value.code() is grpc.StatusCode.NOT_FOUND

    async def test_a_retired_server_says_so_and_goes_on_answering(self, platform: Platform) -> None:
        await platform.registry.register([a_device()])
        await platform.server.retire()
        assert (await check(platform.channel)).status == NOT_SERVING
        await platform.devices.GetDevice(GetDeviceRequest(name=f"devices/{DEV}"))

    async def test_a_watcher_sees_the_stop_coming(self, platform: Platform) -> None:
        watched = watch(platform.channel, READING_SERVICE)
        assert status(await watched.read()) == SERVING
        await platform.server.retire()
        assert status(await watched.read()) == NOT_SERVING


class TestReflection:
    async def test_services_and_their_types_can_be_asked_for(self, platform: Platform) -> None:
        asked = [
            reflection_pb2.ServerReflectionRequest(list_services=""),
            reflection_pb2.ServerReflectionRequest(file_containing_symbol=READING_SERVICE),
        ]
        services, files = [answer async for answer in reflect(platform.channel)(iter(asked))]
        names = {service.name for service in services.list_services_response.service}
        assert {READING_SERVICE, DEVICE_SERVICE, "grpc.health.v1.Health"} <= names
        assert files.file_descriptor_response.file_descriptor_proto


class TestStopping:
    async def test_a_stop_is_nothing_to_log(self, caplog: pytest.LogCaptureFixture) -> None:
        async with Platform(readings=EndlessReadings()).running() as platform:
            await platform.readings.QueryReadings(ASKED).read()
            await platform.server.stop()
        assert [record for record in caplog.records if record.levelno >= logging.INFO] == []

    async def test_open_streams_do_not_delay_the_stop(self) -> None:
        endless = EndlessReadings()
        async with Platform(readings=endless, listening=Listening(stop_grace_s=LONG_S)).running() as platform:
            stream = platform.readings.QueryReadings(ASKED)
            await stream.read()
            stopped = asyncio.create_task(platform.server.stop())
            with pytest.raises(grpc.aio.AioRpcError) as ended:
                await drained(stream)
            await stopped
        told = explained(ended.value)
        assert (told.code, told.reason, told.retry) == (grpc.StatusCode.UNAVAILABLE, "STOPPING", True)
        assert endless.left.is_set()

    async def test_a_stream_that_waits_for_the_store_does_not_delay_the_stop(self) -> None:
        slow = SlowReadings()
        async with Platform(readings=slow, listening=Listening(stop_grace_s=LONG_S)).running() as platform:
            stream = platform.readings.QueryReadings(ASKED)
            await slow.asked.wait()
            await platform.server.stop()
            with pytest.raises(grpc.aio.AioRpcError) as ended:
                await stream.read()
        assert explained(ended.value).reason == "STOPPING"

    async def test_watchers_of_health_and_open_reflection_do_not_delay_the_stop(self) -> None:
        async with Platform(listening=Listening(stop_grace_s=LONG_S)).running() as platform:
            watched = watch(platform.channel)
            await watched.read()
            reflected = reflect(platform.channel)()
            await reflected.write(reflection_pb2.ServerReflectionRequest(list_services=""))
            await reflected.read()
            await platform.server.stop()

    async def test_a_call_in_hand_may_end_within_the_grace(self) -> None:
        slow = SlowReadings()
        async with Platform(readings=slow, listening=Listening(stop_grace_s=0.05)).running() as platform:
            call = platform.readings.ListReadings(ListReadingsRequest(parent=f"devices/{DEV}"))
            await slow.asked.wait()
            await platform.server.stop()
            assert await call.code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}
        assert slow.left.is_set()

    async def test_stopping_twice_is_harmless(self, platform: Platform) -> None:
        await platform.server.stop()
        await platform.server.stop()

    async def test_a_stopped_server_does_not_answer(self, platform: Platform) -> None:
        await platform.server.stop()
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await platform.devices.GetDevice(GetDeviceRequest(name=f"devices/{DEV}"))
        assert refused.value.code() is grpc.StatusCode.UNAVAILABLE

    async def test_who_waits_for_the_end_is_told(self, platform: Platform) -> None:
        waiting = asyncio.create_task(platform.server.wait_closed())
        await platform.server.stop()
        await waiting


class TestLimits:
    async def test_a_call_without_a_deadline_gets_one(self) -> None:
        slow = SlowReadings()
        async with Platform(Limits(longest_call_s=0.05), readings=slow).running() as platform:
            with pytest.raises(grpc.aio.AioRpcError) as ended:
                await platform.readings.ListReadings(ListReadingsRequest(parent=f"devices/{DEV}"))
        told = explained(ended.value)
        assert (told.code, told.reason) == (grpc.StatusCode.DEADLINE_EXCEEDED, "CALL_TOO_LONG")
        assert slow.left.is_set()

    async def test_the_clients_deadline_ends_the_work_for_it(self) -> None:
        slow = SlowReadings()
        async with Platform(readings=slow).running() as platform:
            with pytest.raises(grpc.aio.AioRpcError) as ended:
                await platform.readings.ListReadings(ListReadingsRequest(parent=f"devices/{DEV}"), timeout=1.0)
            await soon(slow.left.wait())
        assert ended.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED

    async def test_a_client_that_leaves_ends_the_work_for_it(self) -> None:
        endless = EndlessReadings()
        async with Platform(readings=endless).running() as platform:
            stream = platform.readings.QueryReadings(ASKED)
            await stream.read()
            stream.cancel()
            await endless.left.wait()

    async def test_a_stream_lasts_only_so_long(self) -> None:
        async with Platform(Limits(longest_stream_s=0.05), readings=EndlessReadings()).running() as platform:
            with pytest.raises(grpc.aio.AioRpcError) as ended:
                await drained(platform.readings.QueryReadings(ASKED))
        told = explained(ended.value)
        assert (told.code, told.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "STREAM_LIMIT")

    @pytest.mark.parametrize(
        "limits,reason",
        [(Limits(longest_stream_s=0.0), "STREAM_LIMIT"), (Limits(longest_write_s=0.0), "READER_TOO_SLOW")],
    )
    async def test_a_stream_whose_first_message_is_cut_off_ends_with_its_reason(
        self, limits: Limits, reason: str
    ) -> None:
        async with Platform(limits, readings=EndlessReadings()).running() as platform:
            with pytest.raises(grpc.aio.AioRpcError) as ended:
                await soon(drained(platform.readings.QueryReadings(ASKED)))
        assert explained(ended.value).reason == reason

    async def test_a_client_that_stops_reading_does_not_hold_the_store(self) -> None:
        endless = EndlessReadings()
        limits = Limits(longest_write_s=0.05, most_streams=1)
        async with Platform(limits, readings=endless, listening=Listening(stop_grace_s=0.05)).running() as platform:
            stalled = platform.readings.QueryReadings(ASKED)
            await stalled.read()
            await endless.left.wait()
            # Its place is free as well.
            await platform.readings.QueryReadings(ASKED).read()
            with pytest.raises(grpc.aio.AioRpcError) as ended:
                await drained(stalled)
            assert explained(ended.value).reason == "READER_TOO_SLOW"

    async def test_a_client_that_stopped_reading_and_left_is_nothing_to_log(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        endless = EndlessReadings()
        listening = Listening(stop_grace_s=0.05)
        async with Platform(Limits(longest_write_s=0.05), readings=endless, listening=listening).running() as platform:
            stalled = platform.readings.QueryReadings(ASKED)
            await stalled.read()
            await endless.left.wait()
            # The server waits to say why it ended the stream; the client does not care to hear it.
            stalled.cancel()
        assert [record for record in caplog.records if record.levelno >= logging.INFO] == []

    async def test_watching_health_has_no_limit(self) -> None:
        async with Platform(Limits(longest_stream_s=0.05), readings=EndlessReadings()).running() as platform:
            watched = watch(platform.channel)
            assert status(await watched.read()) == SERVING
            with pytest.raises(grpc.aio.AioRpcError):
                await drained(platform.readings.QueryReadings(ASKED))
            await platform.server.retire()
            assert status(await watched.read()) == NOT_SERVING

    async def test_there_may_be_only_so_many_streams(self) -> None:
        slow = SlowReadings()
        async with Platform(Limits(most_streams=1), readings=slow).running() as platform:
            first = platform.readings.QueryReadings(ASKED)
            await slow.asked.wait()
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await platform.readings.QueryReadings(ASKED).read()
            told = explained(refused.value)
            assert (told.code, told.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_STREAMS")
            assert status(await watch(platform.channel).read()) == SERVING
            first.cancel()

    async def test_watches_of_health_cannot_take_all_calls(self) -> None:
        async with Platform(Limits(most_watches=1)).running() as platform:
            first = watch(platform.channel)
            assert status(await first.read()) == SERVING
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await watch(platform.channel).read()
            assert explained(refused.value).reason == "TOO_MANY_STREAMS"
            first.cancel()

    async def test_there_may_be_only_so_many_calls(self) -> None:
        slow = SlowReadings()
        async with Platform(Limits(most_calls=1), readings=slow).running() as platform:
            first = platform.readings.ListReadings(ListReadingsRequest(parent=f"devices/{DEV}"))
            await slow.asked.wait()
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await platform.devices.GetDevice(GetDeviceRequest(name=f"devices/{DEV}"))
            assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
            first.cancel()

    async def test_a_request_beyond_2_mib_is_refused(self, platform: Platform) -> None:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await platform.devices.GetDevice(GetDeviceRequest(name="x" * 2_097_152))
        assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
