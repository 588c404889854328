"""The API has no field for raw bytes, so that no call can show a payload, keys and all (docs/keys-in-payloads.md)."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from google.protobuf.descriptor import Descriptor, FieldDescriptor, FileDescriptor

from stadtfunk import api


def _files() -> Iterator[FileDescriptor]:
    for module in walk_packages(api.__path__, f"{api.__name__}."):
        if module.name.endswith("_pb2"):
            yield import_module(module.name).DESCRIPTOR


def _fields(message: Descriptor) -> Iterator[FieldDescriptor]:
    yield from message.fields
    for nested in message.nested_types:
        yield from _fields(nested)


def test_no_message_of_the_api_has_raw_bytes() -> None:
    fields = [field for file in _files() for each in file.message_types_by_name.values() for field in _fields(each)]
    assert len(fields) > len(list(Path(api.__path__[0]).rglob("*_pb2.py")))
    assert [field.full_name for field in fields if field.type == FieldDescriptor.TYPE_BYTES] == []
