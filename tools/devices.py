"""``make docs``: write docs/devices.md from the catalogue of decoders and their vectors; ``--check``: compare only."""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from domain.decoding import CODECS, DECODERS, MODELS, Choice, Codec
from domain.observation import MEASURANDS
from tests.unit.domain.decoding.vectors import ports_of, vector_files, vectors_of

_PAGE = Path(__file__).parents[1] / "docs" / "devices.md"
_NUMBER = re.compile(r"(?<=[a-z])\d+")
_HEAD = """# Devices

Made by `make docs` from the decoders and their vectors; do not edit.

What is decoded natively, by the codecs of `src/domain/decoding/codecs`. A device's type comes from the registry, from
the model that its network server knows, or from `[[device_types]]`; of a type's codecs the first whose firmware fits
reads a frame. `Vectors` are published payloads with what they mean, kept in `tests/vectors`; `Measurands` are those
that they give ([measurands.md](measurands.md) has units and kinds).
"""


def main() -> int:
    """Write the page, or compare it; 1: it is out of date."""
    parser = argparse.ArgumentParser(prog="python -m tools.devices", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only")
    text = page()
    if not parser.parse_args().check:
        _PAGE.write_text(text, encoding="utf-8")
    elif _PAGE.read_text(encoding="utf-8") != text:
        print(f"{_PAGE.name} is not what the decoders and their vectors say: run make docs", file=sys.stderr)
        return 1
    return 0


def page() -> str:
    """Return the text of docs/devices.md."""
    rows: list[tuple[str, ...]] = []
    types_by_codec: dict[str, list[str]] = {}
    for device_type, choices in sorted(DECODERS.types().items()):
        for codec in dict.fromkeys(choice.codec for choice in choices):
            rows.append(_row(device_type, codec, [each for each in choices if each.codec is codec]))
            types_by_codec.setdefault(codec.name, []).append(device_type)
    sections = [part for name, types in types_by_codec.items() for part in ("", *_section(types, CODECS[name]))]
    columns = ("Device type", "Firmware", "Codec", "Ports", "Vectors", "Measurands")
    return "\n".join((_HEAD, *_table(columns, rows), *sections)) + "\n"


def _row(device_type: str, codec: Codec, choices: list[Choice]) -> tuple[str, ...]:
    firmware = ", ".join("any" if each.firmware == "*" else f"`{each.firmware}`" for each in choices)
    link = f"[{codec.label}](#{codec.name})"
    ports = ", ".join(ports_of(codec.name)).replace("*", "any")
    measurands = _codes(sorted(_channels_by_measurand(codec)))
    return f"`{device_type}`", firmware, link, ports, str(len(vectors_of(codec.name))), measurands


def _section(device_types: list[str], codec: Codec) -> Iterator[str]:
    """Yield what the codec reads, from which sources, and where each fact goes."""
    files = vector_files(codec.name)
    yield from (f"## {codec.name}", "", _title(codec), "")
    yield f"- Models: {_codes(model for model, each in MODELS.items() if each in device_types) or 'none known'}"
    for file in files:
        source = file.source
        count = f"{len(file.vectors)} vector{'s' * (len(file.vectors) > 1)}"
        commit = f" at `{source.commit[:10]}`" if source.commit else ""
        yield f"- {count} of {source.repository}, `{source.path}`{commit}"
    ports = [(port.replace("*", "any"), message) for port, message in ports_of(codec.name).items()]
    mapping = {fact: target for file in files for fact, target in file.mapping.items()}
    channels = [
        (f"`{name}`", MEASURANDS[name].unit, _codes(sorted(found)))
        for name, found in sorted(_channels_by_measurand(codec).items())
    ]
    tables = (
        (("Port", "Message"), ports),
        (("In the source", "Becomes"), list(mapping.items())),
        (("Measurand", "Unit", "Channels"), channels),
    )
    for columns, rows in tables:
        if rows:
            yield from ("", *_table(columns, rows))


def _title(codec: Codec) -> str:
    """Return the first sentence of the codec's module."""
    name = ".".join(codec.decode.__module__.split(".")[:4])
    return " ".join((sys.modules[name].__doc__ or "").split("\n\n", maxsplit=1)[0].split())


def _channels_by_measurand(codec: Codec) -> dict[str, set[str]]:
    """Return the channels that the codec's vectors give of each measurand; n stands for a number."""
    found: dict[str, set[str]] = {}
    for vector in vectors_of(codec.name):
        for observation in vector.observations:
            for reading in observation.readings:
                channel = _NUMBER.sub("<n>", reading.channel)
                found.setdefault(reading.measurand, set()).update({channel} - {""})
    return found


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    columns = tuple(columns)
    yield _line(columns)
    yield _line("---" for _ in columns)
    yield from map(_line, rows)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') or '–' for cell in cells)} |"


def _codes(texts: Iterable[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts)


if __name__ == "__main__":
    sys.exit(main())
