"""The connectors of the settings, each ready to be run: which far ends, which stores, which watches."""

from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import cached_property, partial

from adapters.cassandra.radio_metadata import CassandraRadioMetadata
from adapters.cassandra.row_source import CassandraRowSource
from adapters.csv.result_store import CsvResultStore
from adapters.csv.row_meaning import RowMeaning
from adapters.csv.row_source import CsvRowSource
from adapters.kafka.connector_reports import KafkaConnectorReports
from adapters.kafka.derived_feed import KafkaDerivedFeed
from adapters.mqtt.canary_post import MqttCanaryPost
from adapters.mqtt.uplink_source import MqttUplinkSource
from adapters.ttn.canary_post import TtnCanaryPost
from application.backfill import CoverageWatch, WatchedSource
from application.connectors import (
    BacklogWatch,
    Canary,
    Open,
    Opened,
    Progress,
    PulseWatch,
    ResultConnector,
    RowConnector,
    Supervised,
    UplinkConnector,
    Watch,
)
from application.ports.backlog import Backlog
from application.ports.canary_post import CanaryPost
from application.ports.connector import ResultStore, RowSource
from application.ports.connector_reports import ConnectorReports
from application.ports.derived_feed import Place
from application.reading_import import ReadingImport
from application.record_merge import RecordMerge
from application.subject_store import Stores, result_store
from stadtfunk.connector_settings import (
    canary_publisher,
    cassandra_source,
    csv_sink,
    csv_source,
    mqtt_source,
    record_of,
    ttn_canary,
)
from stadtfunk.container.distributed import Distributed
from stadtfunk.settings import (
    CassandraSinkSettings,
    CassandraSourceSettings,
    ConnectorSettings,
    CsvSinkSettings,
    CsvSourceSettings,
    UplinkConnectorSettings,
)
from stadtfunk.settings.connector_checks import client_id_of, group_of
from stadtfunk.settings.connector_topics import connector_topics
from stadtfunk.settings.connectors import subject_of

OpenedRowSource = AbstractAsyncContextManager[RowSource]
_WITH_A_STORE = "ttn_uplinks"
_LOOKS = 4
"""So often what waits is looked at in the time after which a connector is taken to hang."""
_LOOK_S = 15.0
"""And at least so often: what is shown as lag is no older."""


class Connectors:
    """Makes connectors out of the parts of the distributed platform, which are opened by whoever runs them."""

    def __init__(self, container: Distributed) -> None:
        self._container = container
        self._clock = container.clock()

    def reports(self) -> ConnectorReports:
        """Return where the connectors' reports are kept."""
        container = self._container
        return KafkaConnectorReports(container.connection(), container.topics(), container.producer())

    def supervised(self, settings: ConnectorSettings) -> Supervised:
        """Return the connector of ``settings``; one that is paused is not to be run."""
        progress = Progress(self._clock)
        if settings.paused:
            progress.enter("PAUSED")
        return Supervised(settings.name, settings.kind, progress, self._opening(settings))

    def _opening(self, settings: ConnectorSettings) -> Open:
        if isinstance(settings, UplinkConnectorSettings):
            return partial(self._uplinks, settings)
        if isinstance(settings, CsvSourceSettings):
            return partial(self._rows, settings, CsvRowSource(csv_source(settings)))
        if isinstance(settings, CassandraSourceSettings):
            ours = self._container.settings().cassandra
            meaning = RowMeaning(record_of(settings))
            source = CassandraRowSource(cassandra_source(settings, ours), meaning, self._clock)
            return partial(self._rows, settings, source)
        if isinstance(settings, CsvSinkSettings):
            return partial(self._csv_results, settings)
        return partial(self._cassandra_results, settings)

    async def _uplinks(self, settings: UplinkConnectorSettings, stack: AsyncExitStack, progress: Progress) -> Opened:
        source = MqttUplinkSource(mqtt_source(settings), self._clock)
        canary = await self._canary(settings, stack, source)
        await stack.enter_async_context(source)
        covered = await self._covered(settings, source)
        connector = UplinkConnector(
            covered or source, self._container.log(), progress, canary=canary, waiting=lambda: source.waiting
        )
        watch = self._backlog_watch(connector, progress, settings.stuck_after_s)
        watches: list[Watch] = [watch] if canary is None else [watch, canary]
        if covered is not None:
            watches.append(CoverageWatch(covered))
        return Opened(connector, watches, canary, is_connected=lambda: source.connected, trouble=lambda: source.trouble)

    async def _covered(self, settings: UplinkConnectorSettings, source: MqttUplinkSource) -> WatchedSource | None:
        """Return what notes when the bridge was away, where its store is asked; joins alone say nothing of frames."""
        if settings.kind != _WITH_A_STORE:
            return None
        return await self._container.watches().over(settings.source or settings.name, source, client_id_of(settings))

    async def _canary(
        self, settings: UplinkConnectorSettings, stack: AsyncExitStack, source: MqttUplinkSource
    ) -> Canary | None:
        post: CanaryPost
        if settings.canary == "publish":
            topics = connector_topics(settings)
            post = await stack.enter_async_context(MqttCanaryPost(canary_publisher(settings), topics))
        elif settings.canary == "simulate":
            post = TtnCanaryPost(ttn_canary(settings))
        else:
            return None
        return Canary(
            post,
            self._clock,
            every_s=settings.canary_every_s,
            deadline_s=settings.canary_deadline_s,
            is_connected=lambda: source.connected,
        )

    async def _rows(
        self,
        settings: CsvSourceSettings | CassandraSourceSettings,
        source: OpenedRowSource,
        stack: AsyncExitStack,
        progress: Progress,
    ) -> Opened:
        container = self._container
        connector = RowConnector(
            settings.name,
            await stack.enter_async_context(source),
            self._merge,
            self._import,
            container.dead_letters(),
            progress,
            self._clock,
        )
        watch = PulseWatch(progress, every_s=settings.every_s, stuck_after_s=settings.stuck_after_s)
        return Opened(connector, [watch])

    async def _csv_results(self, settings: CsvSinkSettings, stack: AsyncExitStack, progress: Progress) -> Opened:
        store = await stack.enter_async_context(CsvResultStore(csv_sink(settings), self._clock))
        feed = await stack.enter_async_context(self._feed(settings, store.place))
        return self._results(settings, feed, store, progress)

    async def _cassandra_results(
        self, settings: CassandraSinkSettings, stack: AsyncExitStack, progress: Progress
    ) -> Opened:
        feed = await stack.enter_async_context(self._feed(settings))
        store = result_store(subject_of(settings.kind), self._stores)
        return self._results(settings, feed, store, progress)

    def _feed(self, settings: CsvSinkSettings | CassandraSinkSettings, place: Place | None = None) -> KafkaDerivedFeed:
        container, kafka = self._container, self._container.settings().kafka
        return KafkaDerivedFeed(
            container.connection(),
            container.topics(),
            group_of(container.settings(), settings),
            reads=container.topics().read_for(subject_of(settings.kind)),
            instance_id=kafka.instance_id,
            session_timeout_s=kafka.session_timeout_s,
            place=place,
        )

    def _results(
        self,
        settings: CsvSinkSettings | CassandraSinkSettings,
        feed: KafkaDerivedFeed,
        store: ResultStore,
        progress: Progress,
    ) -> Opened:
        connector = ResultConnector(feed, store, self._container.dead_letters(), progress)
        return Opened(connector, [self._backlog_watch(feed, progress, settings.stuck_after_s, is_proof=True)])

    def _backlog_watch(
        self, backlog: Backlog, progress: Progress, stuck_after_s: float, *, is_proof: bool = False
    ) -> BacklogWatch:
        every_s = min(_LOOK_S, stuck_after_s / _LOOKS)
        return BacklogWatch(backlog, progress, every_s=every_s, stuck_after_s=stuck_after_s, is_proof=is_proof)

    @cached_property
    def _stores(self) -> Stores:
        container = self._container
        return Stores(
            container.observations(),
            container.states(),
            container.devices(),
            container.losses(),
            CassandraRadioMetadata(container.session()),
        )

    @cached_property
    def _merge(self) -> RecordMerge:
        """One for all connectors, which take turns: of two that speak of one record neither undoes the other's part."""
        return RecordMerge(self._container.registry(), self._clock)

    @cached_property
    def _import(self) -> ReadingImport:
        container = self._container
        return ReadingImport(container.observations(), container.readings(), self._clock)
