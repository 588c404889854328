"""The table from errors to status, and what a client is told through a real server."""

import asyncio
import logging
from typing import TypeAlias

import grpc
import pytest

from adapters.grpc.errors import CallTooLong, ReaderTooSlow, Stopping, StreamLimit, TooManyStreams, answer_to
from application.errors import ApplicationError, Fenced, NotFound, Refused, Unavailable, Unfinished, WrongShape
from domain.decoding import Undecodable
from domain.errors import DomainError, InvalidValue
from domain.observation import NotExact
from stadtfunk.api.device.v1.device_service_pb2 import GetDeviceRequest
from stadtfunk.api.reading.v1.reading_service_pb2 import ListReadingsRequest
from tests.support.builders import DEV, a_device
from tests.support.eventually import soon
from tests.unit.adapters.grpc.faults import FaultyReadings
from tests.unit.adapters.grpc.platform import Explained, Platform, explained

SECRET = "10.0.0.7:9042"  # noqa: S105  of a kind: it must not get out
REQUEST_ID = "x-request-id"
LIST = "/stadtfunk.api.reading.v1.ReadingService/ListReadings"


Ask: TypeAlias = "grpc.aio.UnaryUnaryMultiCallable[bytes, bytes]"
AskStream: TypeAlias = "grpc.aio.UnaryStreamMultiCallable[bytes, bytes]"


class _NewError(NotFound):
    """An error that the table does not know."""


@pytest.mark.parametrize(
    "error,code",
    [
        (InvalidValue("x"), grpc.StatusCode.INVALID_ARGUMENT),
        (NotExact("x"), grpc.StatusCode.INVALID_ARGUMENT),
        (DomainError("x"), grpc.StatusCode.FAILED_PRECONDITION),
        (Undecodable("payload_too_short", "x"), grpc.StatusCode.FAILED_PRECONDITION),
        (NotFound("x"), grpc.StatusCode.NOT_FOUND),
        (_NewError("x"), grpc.StatusCode.NOT_FOUND),
        (Unavailable("x"), grpc.StatusCode.UNAVAILABLE),
        (Stopping("x"), grpc.StatusCode.UNAVAILABLE),
        (CallTooLong("x"), grpc.StatusCode.DEADLINE_EXCEEDED),
        (StreamLimit("x"), grpc.StatusCode.RESOURCE_EXHAUSTED),
        (ReaderTooSlow("x"), grpc.StatusCode.RESOURCE_EXHAUSTED),
        (TooManyStreams("x"), grpc.StatusCode.RESOURCE_EXHAUSTED),
        (Unfinished("x"), grpc.StatusCode.FAILED_PRECONDITION),
        (WrongShape("x"), grpc.StatusCode.INTERNAL),
        (Fenced("x"), grpc.StatusCode.INTERNAL),
        (Refused("x"), grpc.StatusCode.INTERNAL),
        (ApplicationError("x"), grpc.StatusCode.INTERNAL),
        (KeyError("x"), grpc.StatusCode.INTERNAL),
        (TimeoutError(), grpc.StatusCode.INTERNAL),
    ],
)
def test_every_error_has_its_code(error: Exception, code: grpc.StatusCode) -> None:
    assert answer_to(error).code is code


async def told_of(error: BaseException, *metadata: tuple[str, str]) -> Explained:
    """Return what a client is told when the store fails with ``error``."""
    async with Platform(readings=FaultyReadings(error)).running() as platform:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await soon(platform.readings.ListReadings(ListReadingsRequest(parent=f"devices/{DEV}"), metadata=metadata))
    return explained(refused.value)


@pytest.mark.parametrize(
    "error",
    [RuntimeError(SECRET), KeyError(SECRET), WrongShape(SECRET, where=SECRET), Unavailable(SECRET, host=SECRET)],
)
async def test_inner_words_stay_inside(error: Exception) -> None:
    told = await told_of(error)
    assert SECRET not in str(told)
    assert told.request_id


@pytest.mark.parametrize("error", [RuntimeError(SECRET), WrongShape(SECRET)])
async def test_what_was_not_foreseen_has_one_reason(error: Exception) -> None:
    told = await told_of(error)
    assert (told.code, told.reason, told.metadata) == (grpc.StatusCode.INTERNAL, "INTERNAL", {})
    assert told.message == "internal error: give the request id to the operator"


async def test_the_operator_finds_the_failure_by_its_request_id(caplog: pytest.LogCaptureFixture) -> None:
    told = await told_of(RuntimeError(SECRET), (REQUEST_ID, "from-the-client-7"))
    assert told.request_id == "from-the-client-7"
    [record] = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert record.getMessage() == f"{LIST} failed, request from-the-client-7"
    assert SECRET in caplog.text


async def test_a_store_that_does_not_answer_is_one_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    await told_of(Unavailable("no host answers"), (REQUEST_ID, "a"))
    [record] = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert record.getMessage() == f"{LIST} could not be answered, request a: no host answers"
    assert record.exc_info is None


async def test_a_store_that_cancels_what_it_was_asked_leaves_no_client_waiting() -> None:
    told = await told_of(asyncio.CancelledError())
    assert (told.code, told.retry) == (grpc.StatusCode.UNAVAILABLE, True)


async def test_what_the_client_can_mend_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    await told_of(InvalidValue("no", field="parent", value="x"))
    assert [each for each in caplog.records if each.levelno >= logging.INFO] == []


async def test_a_mistake_says_field_value_and_reason(platform: Platform) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await platform.devices.GetDevice(GetDeviceRequest(name="devices/7"))
    told = explained(refused.value)
    assert told.reason == "INVALID_VALUE"
    assert told.metadata == {"field": "name", "value": "devices/7"}
    assert told.message == "'devices/7' is not devices/{dev_eui} with 16 hex digits"


@pytest.mark.parametrize("name", ["devices/" + 60_000 * "x", "devices/" + 15_000 * "ü", "devices/\n\r\0"])
async def test_a_mistake_of_any_length_fits_into_an_answer(platform: Platform, name: str) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await platform.devices.GetDevice(GetDeviceRequest(name=name))
    told = explained(refused.value)
    assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["name"])


async def test_bytes_that_are_no_message_are_the_clients_mistake(platform: Platform) -> None:
    ask: Ask = platform.channel.unary_unary("/stadtfunk.api.device.v1.DeviceService/GetDevice")
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await ask(b"\xff\xff\xff")
    assert explained(refused.value).code is grpc.StatusCode.INVALID_ARGUMENT


async def test_bytes_that_are_no_message_do_not_open_a_stream(platform: Platform) -> None:
    ask: AskStream = platform.channel.unary_stream("/stadtfunk.api.reading.v1.ReadingService/QueryReadings")
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await ask(b"\xff\xff\xff").read()
    assert explained(refused.value).code is grpc.StatusCode.INVALID_ARGUMENT


async def test_an_unknown_method_is_unimplemented(platform: Platform) -> None:
    ask: Ask = platform.channel.unary_unary("/stadtfunk.api.device.v1.DeviceService/DeleteDevice")
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await ask(b"")
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED


class TestRequestId:
    async def test_an_answer_carries_the_id_that_the_client_sent(self, platform: Platform) -> None:
        assert await _id_of_an_answer(platform, (REQUEST_ID, "job-4.2_A")) == "job-4.2_A"

    async def test_a_client_that_sends_none_gets_one(self, platform: Platform) -> None:
        first, second = await _id_of_an_answer(platform), await _id_of_an_answer(platform)
        assert first != second
        assert len(first) == 32

    @pytest.mark.parametrize("unfit", ["", "a b", 'x"y', "x" * 65])
    async def test_an_id_that_could_spoil_the_log_is_replaced(self, platform: Platform, unfit: str) -> None:
        assert len(await _id_of_an_answer(platform, (REQUEST_ID, unfit))) == 32


async def _id_of_an_answer(platform: Platform, *metadata: tuple[str, str]) -> str:
    await platform.registry.register([a_device()])
    call = platform.devices.GetDevice(GetDeviceRequest(name=f"devices/{DEV}"), metadata=metadata)
    await call
    return str(dict(await call.trailing_metadata())[REQUEST_ID])
