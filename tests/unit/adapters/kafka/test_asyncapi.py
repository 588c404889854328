"""The document of the public topics says what is written there: every topic, header and field, and no other."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from adapters.kafka.topics import Topics
from adapters.kafka.uplink_record import record_of
from application.ports.connector_reports import ConnectorReport
from application.ports.dead_letters import DeadLetter
from application.ports.uplink_log import RawUplink
from domain.device import Device, DeviceState
from domain.observation import Observation
from domain.radio import Activation, ConnectionInfo, LossDay

DOCS = Path(__file__).parents[4] / "docs"
DOCUMENT: dict[str, Any] = yaml.safe_load((DOCS / "asyncapi.yaml").read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
RECORDS: dict[str, type] = {
    "observations": Observation,
    "device-states": DeviceState,
    "devices": Device,
    "radio-metadata": ConnectionInfo,
    "activations": Activation,
    "loss-ledger": LossDay,
    "dead-letters": DeadLetter,
    "connectors": ConnectorReport,
}
_, WRITTEN = msgspec.json.schema_components(RECORDS.values(), ref_template="#/components/schemas/{name}")


def references(node: object) -> Iterator[str]:
    """Return all references in ``node``."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from [value] if key == "$ref" else references(value)
    elif isinstance(node, list):
        for each in node:
            yield from references(each)


def in_one_form(schema: dict[str, Any]) -> dict[str, Any]:
    """Return what ``schema`` says of a value, without words."""
    if schema.get("$ref") == "#/components/schemas/Value":
        schema = SCHEMAS["Value"]
    said = {key: value for key, value in schema.items() if key not in ("title", "description")}
    kinds = said.get("anyOf", [])
    if [kind.get("type") for kind in kinds[1:]] == ["null"] and "type" in kinds[0]:
        said = {**said, "type": [kind["type"] for kind in kinds]}
        del said["anyOf"]
    return said


def test_every_public_topic_is_a_channel_and_those_of_our_own_are_none() -> None:
    topics = {shape.name for shape in Topics().shapes()}
    ours = {Topics().device_memory, Topics().registry, Topics().backfill}
    assert {channel["address"] for channel in DOCUMENT["channels"].values()} == topics - ours


def test_every_topic_is_told_of_in_words() -> None:
    words = (DOCS / "topics.md").read_text(encoding="utf-8")
    assert all(f"| `{shape.name}` |" in words for shape in Topics().shapes())


@pytest.mark.parametrize("topic", sorted(RECORDS))
def test_a_channel_carries_the_record_that_is_written_there(topic: str) -> None:
    [message] = DOCUMENT["channels"][topic]["messages"].values()
    name = RECORDS[topic].__name__
    assert message == {"$ref": f"#/components/messages/{name}"}
    assert DOCUMENT["components"]["messages"][name]["payload"] == {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_a_record_is_described_field_by_field(name: str) -> None:
    described, written = SCHEMAS[name], WRITTEN[name]
    assert set(described["properties"]) == set(written["properties"])
    assert described.get("required", []) == written.get("required", [])
    for field, schema in written["properties"].items():
        assert in_one_form(described["properties"][field]) == in_one_form(schema), field


def test_nothing_is_described_that_nobody_writes() -> None:
    assert set(SCHEMAS) == set(WRITTEN) | {"UplinkHeaders", "Value"}


def test_the_headers_of_an_uplink_are_described() -> None:
    huge = RawUplink("swu", "tts", "t", b"x" * 2_000_000, 1, mqtt_dup=True, origin="storage")
    headers = {name for name, _ in record_of(huge, "k", 1_048_576)[3]}
    assert set(SCHEMAS["UplinkHeaders"]["properties"]) == headers
    usual = [name for name, _ in record_of(RawUplink("swu", "tts", "t", b"x", 1), "k", 1_048_576)[3]]
    assert SCHEMAS["UplinkHeaders"]["required"] == usual


def test_every_reference_leads_somewhere() -> None:
    for reference in references(DOCUMENT):
        node: Any = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
        assert node is not None
