"""Scripts for tests, and short ways to run them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.javascript.codec_files import CodecFiles
from adapters.javascript.script import Said, Script
from application.ports.payload_decoder import ScriptPayload
from domain.decoding import Decoded, Payload, Undecodable
from tests.support.builders import NOON_NS

COUNTER = """
function decodeUplink(input) {
  return { data: { count: input.bytes[0] * 256 + input.bytes[1] } };
}
"""
"""Two bytes are a count of pulses."""

COUNTER_MAPPING = """
[[values]]
path = "count"
measurand = "meter.pulse_count"
channel = "pulse1"
"""

HOSTILE = """
function decodeUplink(input) {
  switch (input.bytes[0]) {
    case 1: while (true) {}
    case 2: return { data: { text: new Array(4294967295).join() } };
    case 3: { const all = []; for (;;) all.push(new Array(1000).fill(all.length)); }
    case 4: return decodeUplink(input).data + 1;
    case 5: return { data: { text: "x".repeat(1e9) } };
    case 6: throw new Error("not my kind of payload");
    case 7: return { errors: ["unknown port", "no data"] };
    case 8: return { data: { text: "x".repeat(1e6) } };
    case 9: for (;;) { try { while (true) {} } catch (error) { } finally { while (true) {} } }
    case 10: return { data: { matched: /^(a+)+$/.test("a".repeat(40) + "b") } };
    case 11: throw { get name() { for (;;); } };
  }
  return { data: { count: input.bytes[1] } };
}
"""
"""What the first byte asks for; 0: a count in the second."""

GOOD = b"\x00\x07"


def answer(
    source: str, data: bytes = b"\x01\x02", f_port: int = 1, variables: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return what ``source`` makes of a payload."""
    said = Script(source, variables or {}, normalizing=True).decode(data, f_port, NOON_NS)
    assert said.json, said
    found: dict[str, Any] = json.loads(said.json)
    return found


def data(expression: str, data: bytes = b"\x01\x02", head: str = "") -> Any:  # noqa: ANN401  whatever the script returns
    """Return the value of an expression within ``decodeUplink``."""
    return answer(f"{head}\nfunction decodeUplink(input) {{ return {{ data: {{ it: {expression} }} }}; }}", data)[
        "data"
    ].get("it")


def refused(body: str) -> Said:
    """Return why a ``decodeUplink`` of this body yields nothing."""
    return Script(f"function decodeUplink(input) {{ {body} }}", {}).decode(b"\x01", 1, NOON_NS)


def codec(folder: Path, source: str, mapping: str = COUNTER_MAPPING, name: str = "counter_js") -> CodecFiles:
    """Return a codec in files of ``folder``."""
    script, rules = folder / f"{name}.js", folder / f"{name}.toml"
    script.write_text(source)
    rules.write_text(mapping)
    return CodecFiles(name, script, rules)


def payload(first: int, second: int = 7, name: str = "counter_js") -> ScriptPayload:
    """Return a payload of two bytes."""
    return ScriptPayload(name, Payload(bytes((first, second)), 1, NOON_NS))


def codes(results: list[Decoded | Undecodable]) -> list[str]:
    """Return for each result ``ok`` or the code of why there is none."""
    return [result.code if isinstance(result, Undecodable) else "ok" for result in results]
