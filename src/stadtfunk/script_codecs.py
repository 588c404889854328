"""From ``[[codecs]]`` of the settings to decoders, and to the scripts that the JavaScript adapter runs."""

from collections.abc import Iterator
from pathlib import Path

from adapters.javascript.codec_files import CodecFiles
from domain.decoding import Choice, Decoders, script_codec
from domain.decoding.catalogue import CODECS, DECODERS
from domain.errors import InvalidValue
from domain.rfc3339 import parse_rfc3339
from stadtfunk.settings import CodecSettings, Settings


def decoders_of(settings: Settings) -> Decoders:
    """Return all decoders; of those that fit a frame as well as each other, the settings' go before our own."""
    if not settings.codecs:
        return DECODERS
    choices = {name: list(each) for name, each in DECODERS.types().items()}
    for codec in reversed(settings.codecs):
        choices.setdefault(codec.device_type, []).insert(0, _choice(codec))
    return Decoders(choices)


def codec_files(settings: Settings) -> list[CodecFiles]:
    """Return what the JavaScript adapter takes."""
    return [
        CodecFiles(codec.codec_name, Path(codec.script), Path(codec.mapping), codec.variables)
        for codec in settings.codecs
    ]


def codec_mistakes(settings: Settings) -> Iterator[str]:
    """Yield what is wrong with ``[[codecs]]``, the scripts' and mappings' files included."""
    names: set[str] = set(CODECS)
    for index, (codec, files) in enumerate(zip(settings.codecs, codec_files(settings), strict=True)):
        if files.name in names:
            yield f"codecs[{index}].name = {files.name!r}: another codec has it; give this one a name of its own"
        names.add(files.name)
        if codec.valid_from:
            try:
                parse_rfc3339(codec.valid_from)
            except InvalidValue as error:
                yield f"codecs[{index}].valid_from: {error.message}"
        yield from (f"codecs[{index}].{mistake}" for mistake in files.mistakes())


def _choice(codec: CodecSettings) -> Choice:
    valid_from_ns = parse_rfc3339(codec.valid_from) if codec.valid_from else 0
    ours = DECODERS.types().get(codec.device_type, ())
    # What our own codec of the type keeps to itself, no script of the type is shown.
    conceals = next((choice.codec.conceals for choice in ours if choice.codec.conceals is not None), None)
    return Choice(script_codec(codec.codec_name, codec.version, conceals), codec.firmware, valid_from_ns)
