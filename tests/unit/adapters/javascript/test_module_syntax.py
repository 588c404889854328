"""ES modules become bodies of functions, line by line."""

import pytest

from adapters.javascript.module_syntax import without_module_syntax


@pytest.mark.parametrize(
    "module, plain",
    [
        ('import { Buffer } from "buffer";', ""),
        ("import buffer from 'buffer'", ""),
        ('import "buffer";', ""),
        ('import * as b from "buffer";', ""),
        ('import {\n  Buffer,\n} from "buffer";\nvar a;', "\n\n\nvar a;"),
        ("export function f() {}", "function f() {}"),
        ("export async function f() {}", "async function f() {}"),
        ("export const f = 1;", "const f = 1;"),
        ("export class A {}", "class A {}"),
        ("export default { f };", "module.exports = { f };"),
        ("export default function f() {}", "module.exports = function f() {}"),
        ("export { f };", ""),
        ("export { f, g as h };", "exports.h = g;"),
        ("export { g as decodeUplink }", "exports.decodeUplink = g;"),
    ],
)
def test_import_and_export_are_replaced(module: str, plain: str) -> None:
    assert without_module_syntax(module) == f'"use strict";{plain}'


@pytest.mark.parametrize(
    "script",
    [
        "function decodeUplink(input) { return { data: {} }; }",
        "exports.decodeUplink = 1; // export function f() {}",
        "/*\nexport function f() {}\nimport a from 'b';\n*/ var x;",
        'var text = "import a from \\"b\\"";',
        "var text = `\nexport const a = 1;\nimport b from 'c';\n`;",
        "var it = { import: 1, export: 2 }; it.export = 3;",
        "importantValue = 1; exported = 2;",
    ],
)
def test_what_is_no_module_is_left_as_it_is(script: str) -> None:
    assert without_module_syntax(script) == script


def test_lines_keep_their_numbers() -> None:
    module = 'import {\n  Buffer,\n  Other,\n} from "buffer";\n\nexport default {\n  f,\n};\nfunction f() {}\n'
    assert without_module_syntax(module).count("\n") == module.count("\n")
