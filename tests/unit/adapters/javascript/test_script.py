"""A script is run as network servers run it: what it may call itself, what it is given, what it may return."""

from typing import Any

import pytest

from adapters.javascript.script import Script, ScriptBroken
from tests.support.builders import NOON_NS
from tests.unit.adapters.javascript.scripts import answer, data, refused


@pytest.mark.parametrize(
    "source",
    [
        "function decodeUplink(input) { return { data: { sum: input.bytes[0] + input.bytes[1] } }; }",
        "var decodeUplink = function (input) { return { data: { sum: input.bytes[0] + input.bytes[1] } }; };",
        "const decodeUplink = ({ bytes: [a, b] }) => ({ data: { sum: a + b } });",
        (
            "class Codec { static read({ bytes }) { return { data: { sum: bytes.reduce((a, b) => a + b, 0) } }; } }\n"
            "let decodeUplink = Codec.read;"
        ),
        "decodeUplink = function (input) { return { data: { sum: input.bytes[0] + input.bytes[1] } }; };",
        "module.exports = { decodeUplink: (input) => ({ data: { sum: input.bytes[0] + input.bytes[1] } }) };",
        "module.exports.decodeUplink = (input) => ({ data: { sum: input.bytes[0] + input.bytes[1] } });",
        "exports.decodeUplink = (input) => ({ data: { sum: input.bytes[0] + input.bytes[1] } });",
        "export function decodeUplink(input) { return { data: { sum: input.bytes[0] + input.bytes[1] } }; }",
        "export const decodeUplink = (input) => ({ data: { sum: input.bytes[0] + input.bytes[1] } });",
        "export default { decodeUplink(input) { return { data: { sum: input.bytes[0] + input.bytes[1] } }; } };",
        (
            "const read = (input) => ({ data: { sum: input.bytes[0] + input.bytes[1] } });\n"
            "export { read as decodeUplink };"
        ),
        "var driver; (() => { driver = { decodeUplink: (i) => ({ data: { sum: i.bytes[0] + i.bytes[1] } }) }; })();",
        "'use strict';\nfunction decodeUplink(input) { return { data: { sum: input.bytes[0] + input.bytes[1] } }; }",
        "function Decoder(bytes, port) { return { sum: bytes[0] + bytes[1] }; }",
        "function Decode(fPort, bytes, variables) { return { sum: bytes[0] + bytes[1] }; }",
        "function decodeUplink(input) { return { data: { sum: input.bytes[0] + input.bytes[1] } }; } // no last line",
    ],
)
def test_a_script_gives_its_function_away_in_any_of_the_usual_ways(source: str) -> None:
    assert answer(source)["data"] == {"sum": 3}


def test_of_several_functions_the_newest_form_is_called() -> None:
    source = """
    function Decoder(bytes, port) { return { by: "Decoder" }; }
    function decodeUplink(input) { return { data: { by: "decodeUplink" } }; }
    function Decode(fPort, bytes) { return { by: "Decode" }; }
    """
    assert answer(source)["data"] == {"by": "decodeUplink"}


def test_the_older_forms_get_port_and_variables_in_their_order() -> None:
    assert answer("function Decoder(bytes, port) { return { port }; }", f_port=85)["data"] == {"port": 85}
    source = "function Decode(fPort, bytes, variables) { return { fPort, tariff: variables.tariff }; }"
    assert answer(source, f_port=9, variables={"tariff": "night"})["data"] == {"fPort": 9, "tariff": "night"}


@pytest.mark.parametrize(
    "expression, expected",
    [
        ("input.bytes", [1, 2]),
        ("Array.isArray(input.bytes)", True),
        ("input.fPort", 1),
        ("input.recvTime instanceof Date", True),
        ("input.recvTime", "2026-01-01T12:00:00.000Z"),
        ("input.recvTime.getTime()", NOON_NS // 1_000_000),
        ("input.variables", {}),
        ("Object.keys(input)", ["bytes", "fPort", "recvTime", "variables"]),
    ],
)
def test_the_input_is_that_of_ts013_with_device_variables(expression: str, expected: Any) -> None:  # noqa: ANN401
    assert data(expression) == expected


@pytest.mark.parametrize(
    "expression", ["new Date()", "new Date(Date.now())", "new Date(new Date().getTime())", "new Date(input.recvTime)"]
)
def test_there_is_no_time_but_that_of_receipt(expression: str) -> None:
    assert data(expression) == "2026-01-01T12:00:00.000Z"


@pytest.mark.parametrize(
    "expression, expected",
    [
        ("new Date(0)", "1970-01-01T00:00:00.000Z"),
        ("new Date(2020, 1, 3)", "2020-02-03T00:00:00.000Z"),
        ("new Date('2020-02-03T04:05:06Z').getTime()", 1_580_702_706_000),
        ("Date.UTC(2020, 0)", 1_577_836_800_000),
        ("Date.parse('1970-01-01T00:00:01Z')", 1_000),
        ("typeof Date()", "string"),
        ("new Date(0).constructor === Date", True),
        ("Object.prototype.toString.call(new Date())", "[object Date]"),
    ],
)
def test_dates_are_otherwise_dates(expression: str, expected: Any) -> None:  # noqa: ANN401
    assert data(expression) == expected


def test_chance_begins_anew_with_each_payload() -> None:
    script = Script("function decodeUplink() { return { data: { a: Math.random(), b: Math.random() } }; }", {})
    first, second = (script.decode(b"\x01", 1, NOON_NS) for _ in range(2))
    assert first == second
    one, other = data("[Math.random(), Math.random()]")
    assert 0 <= one < 1
    assert one != other


@pytest.mark.parametrize(
    "name",
    [
        "setTimeout",
        "setInterval",
        "fetch",
        "process",
        "performance",
        "Atomics",
        "SharedArrayBuffer",
        "std",
        "os",
        "Deno",
    ],
)
def test_there_is_no_file_network_clock_or_timer(name: str) -> None:
    assert data(f"typeof {name}") == "undefined"


def test_console_is_there_and_says_nothing() -> None:
    assert data("(console.log('a'), console.warn('b'), console.error('c'), console.table([]), 1)") == 1


def test_only_the_buffer_can_be_required() -> None:
    assert data("require('buffer').Buffer === Buffer && require('buffer/').Buffer === Buffer") is True
    assert "no modules" in refused("require('crypto')").detail


def test_es6_is_understood() -> None:
    head = "const twice = (x, by = 2) => x * by; function* count() { yield* [1, 2]; }"
    assert data("[...count()].map((x) => twice(x))", head=head) == [2, 4]
    assert data("`${input.bytes.at(-1)}`.padStart(3, '0')") == "002"
    assert data("(({ a, ...rest }) => rest)({ a: 1, b: { c: input?.none ?? 5 } })") == {"b": {"c": 5}}


@pytest.mark.parametrize(
    "result, warnings",
    [
        ("{ data: {}, warnings: ['battery low'] }", ["battery low"]),
        ("{ data: {}, warnings: 'battery low' }", ["battery low"]),
        ("{ data: {}, warnings: [], errors: [] }", []),
        ("{ data: {}, warnings: null, errors: null }", []),
        ("{ data: {}, warnings: [1, { code: 2 }] }", ["1", '{"code":2}']),
    ],
)
def test_warnings_do_not_stop_decoding(result: str, warnings: list[str]) -> None:
    assert answer(f"function decodeUplink() {{ return {result}; }}")["warnings"] == warnings


@pytest.mark.parametrize(
    "body, code, detail",
    [
        ("return { errors: ['unknown port', 'no data'] };", "codec_refused", "unknown port; no data"),
        ("return { data: { a: 1 }, errors: ['half of it is missing'] };", "codec_refused", "half of it is missing"),
        ("return { errors: 'unknown port' };", "codec_refused", "unknown port"),
        ("throw new Error('not my kind');", "codec_error", "Error: not my kind"),
        ("throw 'not my kind';", "codec_error", "not my kind"),
        ("throw undefined;", "codec_error", "undefined"),
        ("throw Symbol('x');", "codec_error", "Symbol(x)"),
        ("return;", "codec_error", "decodeUplink returned no object"),
        ("return { warnings: ['x'] };", "codec_error", "decodeUplink did not return 'data'"),
        ("return { data: 5 };", "codec_error", "decodeUplink did not return 'data'"),
        ("return Promise.resolve({ data: {} });", "codec_error", "decodeUplink did not return 'data'"),
        ("const a = {}; a.a = a; return { data: a };", "codec_error", "TypeError: circular reference"),
        ("return { data: { a: missing.field } };", "codec_error", "ReferenceError: missing is not defined"),
    ],
)
def test_a_script_that_fails_says_why(body: str, code: str, detail: str) -> None:
    said = refused(body)
    assert (said.json, said.code, said.detail) == ("", code, detail)


@pytest.mark.parametrize(
    "expression, expected",
    [
        ("NaN", None),
        ("1 / 0", None),
        ("undefined", None),
        ("12345678901234567890n", "12345678901234567890"),
        ("new Date(NaN)", None),
        ("'half a pair: \\ud800'", "half a pair: �"),
        ("'not one: \\\\ud800'", "not one: \\ud800"),
        ("'a\\u0000b'", "a\x00b"),
    ],
)
def test_what_json_cannot_say_becomes_what_it_can(expression: str, expected: Any) -> None:  # noqa: ANN401
    assert data(expression) == expected


def test_a_long_answer_comes_over_whole() -> None:
    # The engine keeps a long text in pieces, which its Python binding does not know: the worker died of it.
    assert data("Array.from({ length: 5000 }, (_, index) => `value ${index}`)")[-1] == "value 4999"


def test_an_answer_beyond_reason_is_refused() -> None:
    assert refused("return { data: { text: 'x'.repeat(300000) } };").code == "codec_result_too_large"


def test_normalize_uplink_gets_what_decode_uplink_returned() -> None:
    source = """
    function decodeUplink(input) { return { data: { knots: input.bytes[1] } }; }
    function normalizeUplink(input) {
      return { data: [{ wind: { speed: input.data.knots * 0.5 } }], warnings: ["rounded"] };
    }
    """
    found = answer(source)
    assert found["data"] == {"knots": 2}
    assert found["normalized"] == [{"wind": {"speed": 1}}]
    assert found["warnings"] == ["rounded"]


def test_what_normalize_uplink_refuses_is_refused() -> None:
    source = (
        "function decodeUplink() { return { data: {} }; } function normalizeUplink() { return { errors: ['no'] }; }"
    )
    said = Script(source, {}, normalizing=True).decode(b"\x01", 1, NOON_NS)
    assert (said.code, said.detail) == ("codec_refused", "no")


@pytest.mark.parametrize(
    "source", ["function decodeUplink(input) { return {", "return (", "throw new Error('top')", "while (true) {}", "}"]
)
def test_what_is_no_script_is_told_when_it_is_read(source: str) -> None:
    with pytest.raises(ScriptBroken):
        Script(source, {})


def test_a_script_without_a_decoder_is_told_by_its_payloads() -> None:
    said = Script("var nothing = 1;", {}).decode(b"\x01", 1, NOON_NS)
    assert (said.code, said.detail) == ("codec_error", "the script has no decodeUplink, Decoder or Decode")
