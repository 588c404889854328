"""Reports in their topic keep the contract, and what others write there is no report."""

import pytest

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.connector_reports import KafkaConnectorReports
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.topics import Topics
from tests.contract.connector_reports import ConnectorReportsContract, a_report

pytestmark = pytest.mark.integration


@pytest.fixture
def partitions() -> int:
    return 2


@pytest.fixture
def reports(connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> KafkaConnectorReports:
    return KafkaConnectorReports(connection, topics, producer)


class TestKafkaConnectorReports(ConnectorReportsContract):
    """As every keeper of reports."""


async def test_what_cannot_be_read_is_no_report(
    reports: KafkaConnectorReports, producer: BatchProducer, topics: Topics
) -> None:
    await reports.publish([a_report()])
    for value in (b"no JSON", b'{"name":"of a version to come"}', b"\xff"):
        await producer.send([Lot(topics.connectors, 0, [(b"else", value, None, NO_HEADERS)])])
    assert await reports.newest() == [a_report()]
