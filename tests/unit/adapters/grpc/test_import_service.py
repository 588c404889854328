"""ImportService through a real server and our own client."""

from collections.abc import AsyncIterator

import pytest

from adapters.grpc.client import GrpcClient
from application.errors import Refused
from application.ports.reading_query import StoredReading
from application.reading_import import Given
from tests.support.builders import DEV, NOON_NS
from tests.unit.adapters.grpc.platform import Platform


@pytest.fixture
async def client(platform: Platform) -> AsyncIterator[GrpcClient]:
    async with GrpcClient(platform.address) as client:
        yield client


def a_reading(value: str = "1234.567", **changed: str) -> Given:
    """Return a water meter's register as a table says it."""
    return Given(changed.get("device", DEV), NOON_NS, changed.get("measurand", "water.volume"), value, "pulse1")


async def test_a_register_comes_back_with_every_digit(client: GrpcClient) -> None:
    [imported] = await client.import_readings([a_reading("987654321.123")])
    assert imported.action == "created"
    [stored] = [each async for each in _all(client)]
    assert (stored.reading.value, stored.reading.exponent) == (987_654_321_123, -3)
    assert (stored.source, stored.event_ns) == ("import", NOON_NS)


async def test_the_same_table_again_changes_nothing_and_another_value_is_told(client: GrpcClient) -> None:
    await client.import_readings([a_reading("1.5")])
    [again] = await client.import_readings([a_reading("1.500")])
    [other] = await client.import_readings([a_reading("2")], dry_run=True)
    assert (again.action, other.action, other.before) == ("unchanged", "changed", "1.500")
    [stored] = [each async for each in _all(client)]
    assert stored.reading.value == 1_500


@pytest.mark.parametrize(
    "given,field",
    [
        (a_reading("12,5"), "value"),
        (a_reading("1.2345"), "water.volume"),
        (a_reading("9" * 50), "value"),
        (a_reading("1e99999999"), "value"),
        (a_reading(""), "value"),
        (a_reading(device="4711"), "dev_eui"),
        (a_reading(measurand="water.wine"), "measurand"),
        (Given(DEV, NOON_NS + 10**18, "water.volume", "1"), "event_time"),
        (Given(DEV, -62_135_647_200 * 10**9, "water.volume", "1"), "event_time"),
        (Given(DEV, 253_402_351_199 * 10**9, "water.volume", "1"), "event_time"),
        (Given(DEV, NOON_NS, "water.volume", "1", "p1"), "channel"),
        (Given(DEV, NOON_NS, "water.volume", "1", "", "guessed"), "quality"),
        (Given(DEV, NOON_NS, "position", "48.4"), "value"),
    ],
)
async def test_a_bad_reading_is_refused_by_field_and_its_neighbour_stored(
    client: GrpcClient, given: Given, field: str
) -> None:
    refused, stored = await client.import_readings([given, a_reading("1")])
    assert (refused.action, refused.field) == ("refused", field)
    assert refused.message
    assert stored.action == "created"


async def test_too_many_at_once_are_refused(client: GrpcClient) -> None:
    with pytest.raises(Refused, match="1000 at most"):
        await client.import_readings([a_reading()] * 1_001)


async def _all(client: GrpcClient) -> AsyncIterator[StoredReading]:
    async for chunk in client.query_readings([DEV]):
        for stored in chunk:
            yield stored
