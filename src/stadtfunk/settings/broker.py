"""An MQTT broker: what can be set about it, by whichever table, and what single fields cannot tell."""

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from stadtfunk.settings.addresses import mistake_of_host
from stadtfunk.settings.credentials import mistakes_of_credentials
from stadtfunk.settings.values import Given, Port

_LONGEST_FILTER = 65_535
"""MQTT 3.1.1, section 1.5.3: bytes of any text."""


class BrokerSettings(Struct, frozen=True, kw_only=True):
    """A network server's broker, or a broker of our own."""

    host: Given
    topics: Annotated[list[Given], Meta(min_length=1)] = field(default_factory=list)
    """Topic filters, such as ``v3/my-app@ttn/devices/+/up``; left out: all that is there for us."""
    port: Port = 8_883
    tls: bool = True
    ca_file: str = ""
    """Authority of the broker's certificate; empty: those of the system."""
    username: str = ""
    """The Things Stack: ``application@tenant``."""
    password_file: str = ""
    """The Things Stack: a file with the API key."""
    client_id: str = ""
    """Must be the same after a restart and belong to one process only; empty: made from the name."""
    qos: Literal[0, 1] = 0
    """The Things Stack gives 0 only; a broker of our own should give 1."""
    unreachable_budget_s: Annotated[float, Meta(gt=0.0, le=86_400.0)] = 600.0
    """How long the broker may be out of reach before the process ends."""


def mistakes_of_broker(path: str, broker: BrokerSettings) -> Iterator[str]:
    """Yield what is wrong between the fields of the table at ``path``."""
    if mistake := mistake_of_host(broker.host):
        yield f"{path}.host = {broker.host!r}: {mistake}"
    yield from mistakes_of_credentials(path, broker)
    if broker.ca_file and not broker.tls:
        yield f"{path}.ca_file has no effect with tls = false: set tls = true, or remove it"
    for topic in broker.topics:
        if mistake := mistake_of_filter(topic):
            yield f"{path}.topics: {topic!r} is no MQTT topic filter: {mistake}"


def mistake_of_filter(topic: str) -> str:
    """Return what is wrong with an MQTT topic filter (MQTT 3.1.1, section 4.7), or an empty text."""
    levels = topic.split("/")
    if "#" in topic and (levels[-1] != "#" or topic.count("#") > 1):
        return "'#' may stand only alone at the end"
    if any("+" in level and level != "+" for level in levels):
        return "'+' must stand alone between slashes"
    if "\0" in topic or len(topic.encode(errors="replace")) > _LONGEST_FILTER:
        return f"at most {_LONGEST_FILTER} bytes and no NUL expected"
    return ""
