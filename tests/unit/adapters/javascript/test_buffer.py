"""Node's Buffer, as its documentation describes it (nodejs.org/api/buffer.html)."""

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.javascript.script import Script
from tests.support.builders import NOON_NS
from tests.unit.adapters.javascript.scripts import data


@pytest.mark.parametrize(
    "expression, expected",
    [
        ("Buffer.from([0x62, 0x75, 0x66]).toString()", "buf"),
        ("Buffer.from('buffer').length", 6),
        ("Buffer.from('ff08', 'hex')[0]", 255),
        ("Array.from(Buffer.from('1a7', 'hex'))", [0x1A]),
        ("Array.from(Buffer.from('1ag1', 'hex'))", [0x1A]),
        ("Array.from(Buffer.from([257, 257.5, -255, '1']))", [1, 1, 1, 1]),
        ("Buffer.from('7468697320697320612074c3a97374', 'hex').toString('utf8')", "this is a tést"),
        ("Buffer.from('tést').toString('hex')", "74c3a97374"),
        ("Buffer.from([0xff, 0x41, 0xe2, 0x82]).toString()", "�A�"),
        ("Buffer.from('€').toString('latin1').length", 3),
        ("Buffer.from('hello').toString('base64')", "aGVsbG8="),
        ("Buffer.from('aGVsbG8', 'base64').toString()", "hello"),
        ("Buffer.from('_-8', 'base64url').toString('hex')", "ffef"),
        ("Buffer.from([0xff, 0xef]).toString('base64url')", "_-8"),
        ("Buffer.from('hi', 'utf16le').toString('hex')", "68006900"),
        ("Buffer.from([0xe1]).toString('ascii')", "a"),
        ("Buffer.alloc(3, 1).toString('hex')", "010101"),
        ("Buffer.alloc(4, 'ab').toString()", "abab"),
        ("Buffer.concat([Buffer.from([1]), new Uint8Array([2, 3])]).toJSON()", {"type": "Buffer", "data": [1, 2, 3]}),
        ("Buffer.concat([Buffer.from([1, 2]), Buffer.from([3])], 2).length", 2),
        ("Buffer.compare(Buffer.from('a'), Buffer.from('b'))", -1),
        ("Buffer.from('ABC').equals(Buffer.from('414243', 'hex'))", True),
        ("Buffer.isBuffer(Buffer.alloc(1)) && !Buffer.isBuffer(new Uint8Array(1))", True),
        ("Buffer.byteLength('½ + ¼ = ¾')", 12),
        ("(() => { const a = Buffer.from('abc'); a.slice(0, 1)[0] = 0x7a; return a.toString(); })()", "zbc"),
        ("Buffer.from('buffer').subarray(-6, -1).toString()", "buffe"),
        ("Buffer.from('this is a buffer').indexOf('is')", 2),
        ("Buffer.from('this is a buffer').includes('no')", False),
        ("(() => { const b = Buffer.alloc(4); b.write('ab', 1); return b.toString('hex'); })()", "00616200"),
        ("Array.from(Buffer.from([1, 2, 3, 4]).swap16())", [2, 1, 4, 3]),
        ("Array.from(Buffer.from([1, 2, 3]).map((x) => x * 2))", [2, 4, 6]),
        ("[...Buffer.from([1, 2])]", [1, 2]),
        ("new Buffer([1, 2]).length + Buffer(2).length", 4),
        ("Buffer.from(new Uint8Array([1, 2, 3]).buffer, 1, 2).toString('hex')", "0203"),
    ],
)
def test_it_makes_bytes_of_text_and_text_of_bytes(expression: str, expected: Any) -> None:  # noqa: ANN401
    assert data(expression) == expected


@pytest.mark.parametrize(
    "expression, expected",
    [
        ("Buffer.from([0x12, 0x34, 0x56]).readUInt16BE(0).toString(16)", "1234"),
        ("Buffer.from([0x12, 0x34, 0x56]).readUInt16LE(1).toString(16)", "5634"),
        ("Buffer.from([0, 5]).readInt16BE()", 5),
        ("Buffer.from([0xff, 0xff]).readInt16LE(0)", -1),
        ("Buffer.from([0x12, 0x34, 0x56, 0x78]).readUint32LE(0).toString(16)", "78563412"),
        ("Buffer.from([-1, 5]).readInt8(0)", -1),
        ("Buffer.from([1, 2, 3, 4]).readFloatBE(0)", 2.387939260590663e-38),
        ("Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]).readDoubleLE(0)", 5.447603722011605e-270),
        ("Buffer.from([0x12, 0x34, 0x56, 0x78, 0x90, 0xab]).readUIntBE(0, 6).toString(16)", "1234567890ab"),
        ("Buffer.from([0x12, 0x34, 0x56, 0x78, 0x90, 0xab]).readIntLE(0, 6).toString(16)", "-546f87a9cbee"),
        ("Buffer.from([0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]).readBigUInt64BE(0)", "4294967295"),
        (
            "(() => { const b = Buffer.alloc(4); b.writeUInt32BE(0xfeedface, 0); return b.toString('hex'); })()",
            "feedface",
        ),
        (
            "(() => { const b = Buffer.alloc(4); return [b.writeUInt16LE(513, 1), b.toString('hex')]; })()",
            [3, "00010200"],
        ),
        ("(() => { const b = Buffer.alloc(4); b.writeFloatBE(1.5); return b.toString('hex'); })()", "3fc00000"),
        ("(() => { const b = Buffer.alloc(3); b.writeUIntBE(0x123456, 0, 3); return b.toString('hex'); })()", "123456"),
    ],
)
def test_it_reads_and_writes_numbers(expression: str, expected: Any) -> None:  # noqa: ANN401
    assert data(expression) == expected


@pytest.mark.parametrize("expression", ["Buffer.alloc(1).readUInt16BE(0)", "Buffer.alloc(4).readInt8(4)"])
def test_it_does_not_read_beyond_its_end(expression: str) -> None:
    said = Script(f"function decodeUplink() {{ return {{ data: {{ it: {expression} }} }}; }}", {}).decode(
        b"", 1, NOON_NS
    )
    assert said.detail.startswith("RangeError")


_ECHO = Script(
    "function decodeUplink(input) { return { data: { hex: Buffer.from(input.bytes).toString('hex'),"
    " base64: Buffer.from(input.bytes).toString('base64'), utf8: Buffer.from(input.bytes).toString() } }; }",
    {},
)


@given(st.binary(max_size=60))
def test_all_bytes_are_written_as_python_writes_them(payload: bytes) -> None:
    found = json.loads(_ECHO.decode(payload, 1, NOON_NS).json)["data"]
    assert found["hex"] == payload.hex()
    assert found["base64"] == b64encode(payload).decode()
    assert found["utf8"] == payload.decode(errors="replace")
