"""``stadtfunk codecs list | test``: what is known of devices' languages, and trying a vendor's script."""

import argparse
import asyncio
from pathlib import Path

from adapters.javascript.codec_files import CodecFiles
from adapters.javascript.payload_decoder import JavascriptPayloadDecoder
from adapters.javascript.wire import Answer
from adapters.system.clock import SystemClock
from application.errors import Refused
from application.ports.payload_decoder import ScriptPayload
from domain.decoding import Payload
from stadtfunk.codec_text import answer_lines, codecs_table
from stadtfunk.commands.words import Asked, Words, bounded, instant, settings_of
from stadtfunk.script_codecs import decoders_of
from stadtfunk.settings import SettingsInvalid
from stadtfunk.tables import show

_NS_PER_US = 1_000
_NAME = "codec"


def add(words: Words, settings: argparse.ArgumentParser) -> None:
    """Add the words."""
    codecs = words.add_parser("codecs", help="what payloads mean").add_subparsers(metavar="WHAT", required=True)
    listing = codecs.add_parser("list", parents=[settings], help="device types and the codecs that read them")
    listing.set_defaults(do=lambda asked: show(codecs_table(decoders_of(settings_of(asked)))))
    trial = codecs.add_parser("test", help="run a vendor's script (JavaScript, TS013) on one payload")
    trial.add_argument("file", type=Path, metavar="FILE", help="the script")
    trial.add_argument("--fport", type=bounded(0, 255), required=True, help="port of the frame")
    trial.add_argument("--bytes", type=_payload, required=True, metavar="HEX", help="the payload, hexadecimal")
    trial.add_argument("--recv-time", type=instant, metavar="TIME", help="when it was received, RFC 3339; without: now")
    trial.add_argument("--mapping", type=Path, metavar="FILE", help="what its data mean (TOML); shows the observations")
    trial.add_argument(
        "--variables", type=_variable, nargs="+", action="extend", default=[], metavar="NAME=TEXT", help="of the device"
    )
    trial.set_defaults(do=lambda asked: asyncio.run(_try(asked)))


async def _try(asked: Asked) -> None:
    files = CodecFiles(_NAME, asked.file, asked.mapping)
    if mistakes := list(files.mistakes()):
        raise SettingsInvalid("codecs test", mistakes)
    received_ns = asked.recv_time or SystemClock().now_us() * _NS_PER_US
    payload = ScriptPayload(_NAME, Payload(asked.bytes, asked.fport, received_ns), dict(asked.variables))
    async with JavascriptPayloadDecoder([files]) as decoder:
        answer = await decoder.show(payload)
    _tell(answer, received_ns)
    if answer.decoded is None:
        raise Refused(f"{asked.file}: {answer.code}: {answer.detail}", code=answer.code)


def _tell(answer: Answer, received_ns: int) -> None:
    for line in answer_lines(answer, received_ns):
        if isinstance(line, str):
            print(line)
        else:
            show(line)


def _payload(text: str) -> bytes:
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not hexadecimal") from None


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is no variable: NAME=TEXT expected")
    return name, value
