"""Watches over the sources whose store of messages may be asked: they note what a backfill is to ask for."""

from adapters.mqtt.uplink_source import MqttUplinkSource
from adapters.simulated_city.uplink_source import SimulatedCityUplinkSource
from application.backfill import WatchedSource, Watching
from application.ports.backfill_book import BackfillBook
from application.ports.clock import Clock
from stadtfunk.adapter_settings import backfill_plan, backfilled, client_id
from stadtfunk.settings import MqttSourceSettings, Settings, SourceSettings


class Watches:
    """Puts a watch before each source that is backfilled."""

    def __init__(self, settings: Settings, book: BackfillBook, clock: Clock) -> None:
        self._settings = settings
        self._book = book
        self._clock = clock
        self.watched: list[WatchedSource] = []

    async def before(
        self, settings: SourceSettings, source: MqttUplinkSource | SimulatedCityUplinkSource
    ) -> MqttUplinkSource | SimulatedCityUplinkSource | WatchedSource:
        """Return ``source``, or what watches it.

        Raises:
            Unavailable: the book cannot be read.
        """
        if not isinstance(source, MqttUplinkSource) or not isinstance(settings, MqttSourceSettings):
            return source
        watched = await self.over(settings.name, source, client_id(settings, self._settings.kafka.instance_id))
        if watched is None:
            return source
        self.watched.append(watched)
        return watched

    async def over(self, name: str, source: MqttUplinkSource, instance: str) -> WatchedSource | None:
        """Return what watches a bridge to the source called ``name``; None: nobody asks its store.

        Raises:
            Unavailable: the book cannot be read.
        """
        of = next((each for each in backfilled(self._settings) if each.name == name), None)
        if of is None:
            return None
        watching = Watching(name, instance, backfill_plan(of).overlap_us)
        watched = WatchedSource(source, self._book, self._clock, watching)
        await watched.begin()
        return watched
