"""What single fields of ``[[connectors]]`` cannot tell."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from stadtfunk.settings.addresses import mistake_of_host, mistake_of_server
from stadtfunk.settings.broker import mistakes_of_broker
from stadtfunk.settings.connector_topics import connector_topics
from stadtfunk.settings.connectors import (
    CassandraSinkSettings,
    CassandraSourceSettings,
    ConnectorSettings,
    CsvSinkSettings,
    CsvSourceSettings,
    UplinkConnectorSettings,
    subject_of,
)
from stadtfunk.settings.credentials import mistakes_of_credentials, mistakes_of_files, mistakes_of_server_name
from stadtfunk.settings.model import Settings

_OF_THEIRS = ("username", "password_file", "ca_file", "server_name")
"""Of a cluster that is not ours."""


def check_connectors(settings: Settings, numbers: Sequence[int], mistakes: list[str]) -> None:
    """Add to ``mistakes`` what is wrong between the fields of the connectors with these ``numbers`` in the file."""
    placed = [(f"connectors[{index}]", each) for index, each in zip(numbers, settings.connectors, strict=True)]
    mistakes.extend(_given_twice("name", [(path, each.name) for path, each in placed]))
    mistakes.extend(_client_ids(placed))
    mistakes.extend(_groups(settings, placed))
    mistakes.extend(_folders(placed))
    for path, each in placed:
        mistakes.extend(mistakes_of_files(path, each))
        if isinstance(each, UplinkConnectorSettings):
            mistakes.extend(mistakes_of_broker(path, each))
            mistakes.extend(_topics(path, each))
            mistakes.extend(_canary(path, each))
        if isinstance(each, CassandraSourceSettings):
            mistakes.extend(_cassandra_source(path, each))
        if subject_of(each.kind) == "radio_metadata" and not settings.process.radio_metadata:
            nothing = "process.radio_metadata = false leaves it nothing to write: set that to true, or take it out"
            mistakes.append(f"{path}.kind = {each.kind!r}: {nothing}")


def group_of(settings: Settings, connector: CassandraSinkSettings | CsvSinkSettings) -> str:
    """Return the consumer group of a sink: its own, so that it goes on by itself where it stopped."""
    return connector.group or f"{settings.kafka.sink_group}-{connector.name}"


def client_id_of(connector: UplinkConnectorSettings) -> str:
    """Return as whom it presents itself to its broker."""
    return connector.client_id or f"stadtfunk-{connector.name}"


def _given_twice(field: str, values: Sequence[tuple[str, str]]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for path, value in values:
        if value in seen:
            yield f"{path}.{field} = {value!r}: {seen[value]} has it already; each needs its own"
        seen.setdefault(value, path)


def _topics(path: str, connector: UplinkConnectorSettings) -> Iterator[str]:
    """Yield what is subscribed to beside the application that was named: nothing of it would ever come."""
    application = connector.application
    if connector.kind == "chirpstack" or not application:
        return
    for topic in connector.topics:
        levels = topic.split("/")
        if levels[0] == "v3" and len(levels) > 1 and levels[1] not in (application, "+", "#"):
            yield f"{path}.topics: {topic!r} is not of application = {application!r}: correct one of them"


def _client_ids(placed: Sequence[tuple[str, ConnectorSettings]]) -> Iterator[str]:
    """Yield where two present themselves to one broker as the same: they would end each other's connections."""
    ids: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for path, each in placed:
        if isinstance(each, UplinkConnectorSettings):
            ids.setdefault((each.host, each.port), []).append((path, client_id_of(each)))
    for of_broker in ids.values():
        yield from _given_twice("client_id", of_broker)


def _groups(settings: Settings, placed: Sequence[tuple[str, ConnectorSettings]]) -> Iterator[str]:
    kafka = settings.kafka
    sinks = [
        (path, group_of(settings, each))
        for path, each in placed
        if isinstance(each, CassandraSinkSettings | CsvSinkSettings)
    ]
    yield from _given_twice("group", sinks)
    for path, group in sinks:
        if group in (kafka.process_group, kafka.sink_group):
            yield f"{path}.group = {group!r}: the role of [kafka] has it already; each needs its own"


def _folders(placed: Sequence[tuple[str, ConnectorSettings]]) -> Iterator[str]:
    """Yield where a source would read what another reads too, or what a sink writes; sinks may share a folder."""
    sinks = {Path(each.folder): path for path, each in placed if isinstance(each, CsvSinkSettings)}
    sources = [(path, Path(each.path)) for path, each in placed if isinstance(each, CsvSourceSettings)]
    yield from _given_twice("path", [(path, str(folder)) for path, folder in sources])
    for path, folder in sources:
        if folder in sinks:
            yield f"{path}.path = {str(folder)!r}: {sinks[folder]} writes there; each needs a folder of its own"


def _canary(path: str, connector: UplinkConnectorSettings) -> Iterator[str]:
    if connector.canary_url:
        if connector.canary != "simulate":
            yield f"{path}.canary_url has no effect with canary = {connector.canary!r}: only 'simulate' asks it"
        if mistake := mistake_of_server(connector.canary_url):
            yield f"{path}.canary_url = {connector.canary_url!r}: {mistake}"
    if connector.canary == "off":
        return
    if connector.canary == "simulate" and connector.kind != "ttn_uplinks":
        yield f"{path}.canary = 'simulate': only The Things Stack simulates uplinks (kind ttn_uplinks); set 'publish'"
    if connector.canary == "publish":
        for topic in connector_topics(connector):
            if not {"+", "#"} & set(topic.split("/")):
                yield f"{path}.canary = 'publish': {topic!r} has no wildcard, so no canary comes in; set canary = 'off'"


def _cassandra_source(path: str, connector: CassandraSourceSettings) -> Iterator[str]:
    yield from mistakes_of_credentials(path, connector)
    yield from mistakes_of_server_name(path, connector)
    for host in connector.contact_points:
        if mistake := mistake_of_host(host):
            yield f"{path}.contact_points: {host!r}: {mistake}"
    if not connector.contact_points and (said := [name for name in _OF_THEIRS if getattr(connector, name)]):
        yield f"{path}.contact_points is missing: {', '.join(said)} without effect, ours is asked as [cassandra] says"
    if not connector.columns:
        yield f"{path}.columns is empty: say which field of ours each column of {connector.table!r} is"
    if connector.memory_file:
        if connector.kind != "devices_from_cassandra":
            yield f"{path}.memory_file: only devices are in service or not (kind devices_from_cassandra)"
        if not Path(connector.memory_file).parent.is_dir():
            yield f"{path}.memory_file = {connector.memory_file!r}: there is no such folder"
