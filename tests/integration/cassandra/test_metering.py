"""Consumption and read-outs from master data and readings in Cassandra are those from memory."""

import pytest

from adapters.cassandra.master_data import CassandraMasterData
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings
from application.consumption import ConsumptionReport
from application.exchange_watch import ExchangeWatch
from application.point_history import PointHistories
from application.ports.observation_store import ObservationStore
from application.ports.reading_query import ReadingQuery
from application.read_out import ReadOutReport
from domain.meter import Grain, MeterAtPoint, Ratio, RegisterDefinition
from tests.integration.cassandra.cql import cql
from tests.unit.application.metering import CHOICE, Metering, days
from tests.unit.domain.meter.points import DAY, DEVICE, HOUR, NOW, OLD, POINT, START, ns

pytestmark = pytest.mark.integration


class CassandraMetering(Metering):
    """A city whose master data and readings are in Cassandra."""

    def __init__(self, records: CassandraMasterData, store: ObservationStore, query: ReadingQuery) -> None:
        super().__init__()
        self.records = records  # type: ignore[assignment]  # the same port
        self.store = store  # type: ignore[assignment]  # likewise
        self.histories = PointHistories(records, query, self.states)
        self.consumption = ConsumptionReport(self.histories, self.clock)
        self.read_outs = ReadOutReport(records, self.histories, self.clock)
        self.exchanges = ExchangeWatch(records, self.histories, self.clock)


@pytest.fixture
def city(
    settings: ClusterSettings, session: CassandraSession, store: ObservationStore, query: ReadingQuery
) -> CassandraMetering:
    cql(settings, "TRUNCATE {keyspace}.master_data")
    return CassandraMetering(CassandraMasterData(session), store, query)


async def test_a_point_answers_from_cassandra_as_from_memory(city: CassandraMetering) -> None:
    answers = []
    for each in (city, Metering()):
        await each.meter(device_input="pulse1", serials=("8SEN0123456",), interval_s=3_600)
        await each.define(index=1_000, factor=Ratio(10, 3), modulus=2**16)
        await each.define(index=1_000, factor=Ratio(10), modulus=2**16, valid_from_ns=ns("2026-10-25 12:00"))
        counts: dict[str | int, int | str] = {ns("2026-10-24 22:00") + hour * HOUR: hour * 5 for hour in range(40)}
        await each.read(counts, "meter.pulse_count", "pulse1")
        await each.read({NOW - DAY: "8SEN0999999"}, "meter.identity", "pulse1")
        answers.append(
            (
                await each.consumption.of(POINT, days("2026-10-25", "2026-10-26", Grain.HOUR), CHOICE),
                await each.read_outs.of(POINT, ns("2026-10-25 06:00"), CHOICE),
                (await each.exchanges.page(size=10)).cases,
                list(await each.records.page(RegisterDefinition, size=10, prefix=f"{DEVICE}/")),
                [record.meter for record in await each.records.page(MeterAtPoint, size=10, prefix=f"{POINT}/")],
            )
        )
    from_cassandra, from_memory = answers
    assert from_cassandra == from_memory
    assert (len(from_cassandra[0]), from_cassandra[4]) == (25, [OLD])
    assert from_cassandra[3][0].valid_from_ns == START
