"""RegistryService through a real server and our own client."""

from collections.abc import AsyncIterator

import grpc
import pytest

from adapters.grpc.client import GrpcClient
from application.errors import Refused
from application.record_merge import Change, Draft
from domain.device import DeviceEntry
from stadtfunk.api.registry.v1.registry_service_pb2 import MergeRecordsRequest, Record, RemoveRecordRequest
from stadtfunk.api.registry.v1.registry_service_pb2_grpc import RegistryServiceStub
from tests.support.builders import DEV
from tests.unit.adapters.grpc.platform import Platform, explained

KEY = "00112233445566778899aabbccddeeff"


@pytest.fixture
async def client(platform: Platform) -> AsyncIterator[GrpcClient]:
    async with GrpcClient(platform.address) as client:
        yield client


def a_draft(**fields: object) -> Draft:
    """Return what somebody says of a device."""
    return Draft("device", {"dev_eui": DEV, **fields})


async def test_a_record_is_created_changed_and_then_left_alone(client: GrpcClient, platform: Platform) -> None:
    created, changed, unchanged = await client.merge_records(
        [a_draft(zone="mitte", labels={"street": "Weinhof"}), a_draft(zone="ost"), a_draft(zone="ost")]
    )
    assert (created.action, created.key) == ("created", DEV)
    assert list(changed.changes) == [Change("zone", "mitte", "ost")]
    assert unchanged.action == "unchanged"
    entry = await platform.records.get(DeviceEntry, DEV)
    assert (entry.zone, entry.labels) == ("ost", {"street": "Weinhof"})


async def test_a_dry_run_tells_the_same_and_stores_nothing(client: GrpcClient, platform: Platform) -> None:
    [would] = await client.merge_records([a_draft(zone="mitte")], dry_run=True)
    assert would.action == "created"
    assert list(await platform.records.page(DeviceEntry, size=1)) == []


async def test_a_bad_draft_costs_itself_and_no_other(client: GrpcClient, platform: Platform) -> None:
    results = await client.merge_records(
        [Draft("castle", {}), a_draft(zone="mitte"), Draft("device", {"dev_eui": "4711"}), a_draft(height=3)]
    )
    assert [each.action for each in results] == ["refused", "created", "refused", "refused"]
    assert [each.refusal.get("field") for each in results if each.refusal] == ["kind", "dev_eui", "height"]
    assert len(await platform.records.page(DeviceEntry, size=9)) == 1


async def test_records_are_listed_whole_and_without_their_secrets(client: GrpcClient) -> None:
    drafts = [Draft("device", {"dev_eui": f"{number:016x}", "keys": {"aes": KEY}}) for number in range(1_200)]
    for start in (0, 600):
        await client.merge_records(drafts[start : start + 600])
    listed = [fields async for page in client.list_records("device") for fields in page]
    assert len(listed) == 1_200
    assert listed[0] == {"dev_eui": f"{0:016x}", "keys": {"aes": "(secret)"}}


async def test_a_secret_is_in_no_answer(client: GrpcClient) -> None:
    results = await client.merge_records([a_draft(keys={"aes": KEY}), a_draft(keys={"aes": KEY[:-1]})])
    assert [each.action for each in results] == ["created", "refused"]
    assert KEY[:-1] not in repr(results)


async def test_a_record_is_taken_away(client: GrpcClient, platform: Platform) -> None:
    await client.merge_records([a_draft()])
    platform.clock.advance(1.0)
    stub = RegistryServiceStub(platform.channel)
    await stub.RemoveRecord(RemoveRecordRequest(kind="device", key=DEV))
    assert list(await platform.records.page(DeviceEntry, size=1)) == []


async def test_too_many_at_once_are_refused(client: GrpcClient) -> None:
    with pytest.raises(Refused, match="1000 at most"):
        await client.merge_records([a_draft()] * 1_001)


@pytest.mark.parametrize("fields", ["[1]", "", '{"zone":' + "[" * 20_000])
async def test_fields_that_are_no_object_are_refused_by_name(platform: Platform, fields: str) -> None:
    stub = RegistryServiceStub(platform.channel)
    answer = await stub.MergeRecords(MergeRecordsRequest(records=[Record(kind="device", fields=fields)]))
    assert answer.results[0].refusal.field == "fields"


async def test_a_server_for_others_takes_no_changes_and_still_lists() -> None:
    async with Platform(changes="refused").running() as platform:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await RegistryServiceStub(platform.channel).MergeRecords(MergeRecordsRequest())
        told = explained(refused.value)
        assert (told.code, told.reason) == (grpc.StatusCode.PERMISSION_DENIED, "CHANGES_NOT_ALLOWED")
        assert told.metadata["setting"] == "grpc.changes"
        async with GrpcClient(platform.address) as client:
            assert [page async for page in client.list_records("device")] == [[]]
