"""Every payload finds the world as the script's author wrote it, whatever the payloads before it have done."""

import json

import pytest

from adapters.javascript.script import Script
from tests.support.builders import NOON_NS


def seen(source: str, payloads: int = 3) -> list[object]:
    """Return what ``decodeUplink`` puts into ``it`` for one payload after another."""
    script = Script(source, {})
    said = [script.decode(b"\x01", 1, NOON_NS) for _ in range(payloads)]
    return [json.loads(each.json)["data"].get("it") if each.json else each.code for each in said]


@pytest.mark.parametrize(
    "source",
    [
        "var count = 0; function decodeUplink() { count++; return { data: { it: count } }; }",
        "let count = 0; function decodeUplink() { count++; return { data: { it: count } }; }",
        "const seen = []; function decodeUplink() { seen.push(1); return { data: { it: seen.length } }; }",
        "function decodeUplink() { n = typeof n === 'undefined' ? 1 : n + 1; return { data: { it: n } }; }",
        "function decodeUplink() { globalThis.count = (globalThis.count || 0) + 1; return { data: { it: count } }; }",
        "function decodeUplink() { this.count = (this.count || 0) + 1; return { data: { it: this.count } }; }",
        "const read = () => { read.n = (read.n || 0) + 1; return { data: { it: read.n } }; }; decodeUplink = read;",
        "function decodeUplink() { module.n = (module.n || 0) + 1; return { data: { it: module.n } }; }",
        "function decodeUplink() { (0, eval)('var n = (globalThis.n || 0) + 1'); return { data: { it: n } }; }",
    ],
)
def test_a_variable_is_gone_for_the_next_payload(source: str) -> None:
    assert seen(source) == [1, 1, 1]


@pytest.mark.parametrize(
    "poison",
    [
        "Array.prototype.poison = 1",
        "Object.prototype.poison = 1",
        "String.prototype.poison = 1",
        "Math.poison = 1",
        "JSON.poison = 1",
        "console.poison = 1",
        "Buffer.poison = 1",
        "(function () {}).constructor.prototype.poison = 1",
        "Object.getPrototypeOf(function* () {}).poison = 1",
        "Object.setPrototypeOf(globalThis, { poison: 1 })",
        "Object.defineProperty(globalThis, 'poison', { value: 1, configurable: false })",
    ],
)
def test_what_is_built_in_is_the_same_for_the_next_payload(poison: str) -> None:
    places = "[[], {}, '', Math, JSON, console, Buffer, () => 1, function* () {}, globalThis]"
    source = f"""
    function decodeUplink() {{
      const found = {places}.some((each) => each.poison !== undefined);
      {poison};
      return {{ data: {{ it: found }} }};
    }}
    """
    assert seen(source) == [False, False, False]


@pytest.mark.parametrize(
    "change",
    [
        "JSON.stringify = () => 'broken'",
        "Math.floor = () => 5",
        "Date = null",
        "Array.prototype.push = null",
        "Object.preventExtensions(globalThis)",
        "Object.defineProperty(globalThis, 'module', { value: 1, configurable: false })",
        "delete globalThis.module",
        "Object.freeze(input.bytes)",
        "Error.prepareStackTrace = () => { throw 1; }",
        "Promise.resolve().then(() => { throw new Error('later'); })",
    ],
)
def test_a_script_cannot_break_what_it_runs_in(change: str) -> None:
    source = f"""
    function decodeUplink(input) {{
      leak = Math.floor(1.5) + new Date(0).getTime() + [].concat(1).length;
      const it = leak;
      try {{ {change}; }} catch (error) {{ }}
      return {{ data: {{ it }} }};
    }}
    """
    assert seen(source) == [2, 2, 2]


@pytest.mark.parametrize(
    "source",
    [
        # at its top level, as polyfills are
        (
            "String.prototype.shout = function () { return this.toUpperCase(); };\n"
            "function decodeUplink() { return { data: { it: 'a'.shout() } }; }"
        ),
        (
            "'use strict'; String.prototype.shout = function () { return this.toUpperCase(); };\n"
            "function decodeUplink() { return { data: { it: 'a'.shout() } }; }"
        ),
        # while it decodes
        (
            "function decodeUplink() { String.prototype.shout = function () { return this.toUpperCase(); };\n"
            "return { data: { it: 'a'.shout() } }; }"
        ),
        (
            "'use strict'; function decodeUplink() {\n"
            "String.prototype.shout = function () { return this.toUpperCase(); };\n"
            "return { data: { it: 'a'.shout() } }; }"
        ),
    ],
)
def test_a_script_that_extends_what_is_built_in_still_works(source: str) -> None:
    assert seen(source) == ["A", "A", "A"]


def test_what_a_script_changes_at_its_top_level_is_its_own_each_time() -> None:
    source = """
    Array.prototype.seen = [];
    function decodeUplink() { [].seen.push(1); return { data: { it: [].seen.length } }; }
    """
    assert seen(source) == [1, 1, 1]


@pytest.mark.parametrize(
    "expression, expected",
    [
        ("(() => { const error = new Error('m'); error.name = 'Mine'; return String(error); })()", "Mine: m"),
        (
            "(() => { const it = {}; it.toString = 1; it.constructor = 2; return it; })()",
            {"toString": 1, "constructor": 2},
        ),
        ("(() => { function F() {} F.prototype.toString = () => 'F'; return String(new F()); })()", "F"),
        (
            "(() => { class E extends Error { constructor() { super('m'); this.name = 'E' } } return `${new E()}` })()",
            "E: m",
        ),
        ("(() => { const b = Buffer.from([1]); b.toString = () => 'mine'; return String(b); })()", "mine"),
    ],
)
def test_an_own_property_may_have_the_name_of_a_built_in_one(expression: str, expected: object) -> None:
    assert (
        seen(f"'use strict'; function decodeUplink() {{ return {{ data: {{ it: {expression} }} }}; }}")
        == [expected] * 3
    )


def test_a_payload_that_ran_out_of_memory_leaves_none_of_it_to_the_next() -> None:
    source = """
    function decodeUplink(input) {
      if (input.bytes[0] === 1) { globalThis.all = []; for (;;) all.push(new Array(1000).fill(1)); }
      return { data: { it: new Array(100000).fill(1).length } };
    }
    """
    script = Script(source, {})
    codes = [script.decode(bytes((first,)), 1, NOON_NS).code for first in (0, 1, 0, 1, 0)]
    assert codes == ["", "codec_out_of_memory", "", "codec_out_of_memory", ""]
