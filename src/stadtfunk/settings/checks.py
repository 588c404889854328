"""What single fields cannot tell: files that must be there, names that must differ, types that need a codec."""

from collections.abc import Iterator, Sequence

from msgspec.structs import fields

from domain.decoding.catalogue import DECODERS
from stadtfunk.settings.addresses import (
    mistake_of_bootstrap,
    mistake_of_endpoint,
    mistake_of_host,
    mistake_of_server,
)
from stadtfunk.settings.broker import mistakes_of_broker
from stadtfunk.settings.credentials import mistakes_of_credentials, mistakes_of_files, mistakes_of_server_name
from stadtfunk.settings.model import CassandraSettings, KafkaSettings, MqttSourceSettings, Settings, TopicNames


def check(settings: Settings, sources: Sequence[int], rules: Sequence[int], mistakes: list[str]) -> None:
    """Add to ``mistakes`` what is wrong between the fields of ``settings``.

    ``sources`` and ``rules`` are the numbers of its sources and of its rules for device types in the file.
    """
    _files(settings, sources, mistakes)
    _sources(settings, sources, mistakes)
    _device_types(settings, rules, mistakes)
    _grpc(settings, mistakes)
    mistakes.extend(_kafka(settings.kafka))
    mistakes.extend(_cassandra(settings.cassandra))
    endpoint = settings.telemetry.otlp_endpoint
    if endpoint and (mistake := mistake_of_endpoint(endpoint)):
        mistakes.append(f"telemetry.otlp_endpoint = {endpoint!r}: {mistake}")


def _files(settings: Settings, sources: Sequence[int], mistakes: list[str]) -> None:
    tables = {
        "grpc": settings.grpc,
        "kafka": settings.kafka,
        "cassandra": settings.cassandra,
        **{f"sources[{index}]": source for index, source in zip(sources, settings.sources, strict=True)},
    }
    for path, table in tables.items():
        mistakes.extend(mistakes_of_files(path, table))


def _sources(settings: Settings, sources: Sequence[int], mistakes: list[str]) -> None:
    names = [source.name for source in settings.sources]
    mistakes.extend(
        f"sources: the name {name!r} is given twice" for name in sorted({n for n in names if names.count(n) > 1})
    )
    for index, source in zip(sources, settings.sources, strict=True):
        if isinstance(source, MqttSourceSettings):
            mistakes.extend(mistakes_of_broker(f"sources[{index}]", source))
            mistakes.extend(_storage(f"sources[{index}]", source))


def _storage(path: str, source: MqttSourceSettings) -> Iterator[str]:
    """Yield what is wrong with asking the source's store for what did not come."""
    if not source.storage_url:
        for name in ("storage_key_file", "storage_ca_file", "storage_applications"):
            if getattr(source, name):
                yield f"{path}.storage_url is missing: {name} has no effect without"
        return
    if mistake := mistake_of_server(source.storage_url):
        yield f"{path}.storage_url = {source.storage_url!r}: {mistake}"
    if source.network_server != "tts":
        yield f"{path}.storage_url: only The Things Stack (network_server = 'tts') has such a store"
    if not (source.storage_applications or source.username):
        yield f"{path}.storage_applications is missing: 'application@tenant', as in topics"
    if not (source.storage_key_file or source.password_file):
        yield f"{path}.storage_key_file is missing: a file with an API key that may read application traffic"


def _device_types(settings: Settings, rules: Sequence[int], mistakes: list[str]) -> None:
    for index, rule in zip(rules, settings.device_types, strict=True):
        scripted = {codec.device_type for codec in settings.codecs}
        if not DECODERS.knows(rule.device_type) and rule.device_type not in scripted:
            known = ", ".join(sorted({*DECODERS.types(), *scripted}))
            mistakes.append(f"device_types[{index}].device_type = {rule.device_type!r}: one of {known} expected")


def _grpc(settings: Settings, mistakes: list[str]) -> None:
    grpc = settings.grpc
    if bool(grpc.certificate_file) != bool(grpc.key_file):
        mistakes.append("grpc: certificate_file and key_file go together")
    if mistake := mistake_of_host(grpc.host):
        mistakes.append(f"grpc.host = {grpc.host!r}: {mistake}")


def _kafka(kafka: KafkaSettings) -> Iterator[str]:
    if mistake := mistake_of_bootstrap(kafka.bootstrap):
        yield f"kafka.bootstrap = {kafka.bootstrap!r}: {mistake}"
    yield from mistakes_of_credentials("kafka", kafka)
    with_sasl = kafka.security_protocol.startswith("SASL")
    if with_sasl and not kafka.username:
        yield f"kafka.username is missing: security_protocol {kafka.security_protocol!r} needs one"
    if kafka.username and not with_sasl:
        yield f"kafka.username has no effect with security_protocol {kafka.security_protocol!r}: a SASL one expected"
    if kafka.ca_file and not kafka.security_protocol.endswith("SSL"):
        yield f"kafka.ca_file has no effect with security_protocol {kafka.security_protocol!r}: an SSL one expected"
    if kafka.process_group == kafka.sink_group:
        yield f"kafka: process_group and sink_group are both {kafka.sink_group!r}: each needs its own"
    topics = [getattr(kafka.topics, each.name) for each in fields(TopicNames)]
    for topic in sorted({topic for topic in topics if topics.count(topic) > 1}):
        yield f"kafka.topics: the name {topic!r} is given twice"


def _cassandra(cassandra: CassandraSettings) -> Iterator[str]:
    yield from mistakes_of_credentials("cassandra", cassandra)
    yield from mistakes_of_server_name("cassandra", cassandra)
    for host in cassandra.contact_points:
        if mistake := mistake_of_host(host):
            yield f"cassandra.contact_points: {host!r}: {mistake}"
