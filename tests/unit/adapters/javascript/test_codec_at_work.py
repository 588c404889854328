"""A script with its mapping: what comes of one payload."""

import pytest

from adapters.javascript.codec_at_work import CodecAtWork
from adapters.javascript.wire import Asked
from domain.decoding import Notice
from tests.support.builders import NOON_NS

_NORMALIZED = 'reads = "normalized"\n[[values]]\npath = "[].battery"\nmeasurand = "device.battery.voltage"\n'


def asked(*data: int, variables: dict[str, str] | None = None) -> Asked:
    """Return a payload."""
    return Asked(bytes(data), 1, NOON_NS, variables)


def test_a_register_never_goes_through_a_float() -> None:
    mapping = '[[values]]\npath = "kwh"\nmeasurand = "electricity.energy.active.import"\nunit = "kWh"\ndigits = 7'
    codec = CodecAtWork("function decodeUplink() { return { data: { kwh: 90071992.5474099 } }; }", {}, mapping)
    decoded = codec.answer(asked(1)).decoded
    assert decoded is not None
    assert decoded.snapshots[0].readings[0].value == 900_719_925_474_099
    assert float("90071992.5474099") * 10_000_000 != 900_719_925_474_099


def test_a_mapping_may_read_what_was_normalized() -> None:
    source = """
    function decodeUplink(input) { return { data: { mv: 3600 } }; }
    function normalizeUplink(input) { return { data: { battery: input.data.mv / 1000 }, warnings: ["old"] }; }
    """
    listed = source.replace("{ battery", "[{ battery").replace("1000 }", "1000 }]")
    for each in (source, listed):
        decoded = CodecAtWork(each, {}, _NORMALIZED).answer(asked(1)).decoded
        assert decoded is not None
        assert [reading.value for reading in decoded.snapshots[0].readings] == [3.6]
        assert decoded.notices == (Notice("codec_warning", "old"),)


def test_without_normalize_uplink_such_a_mapping_says_so() -> None:
    answer = CodecAtWork("function decodeUplink() { return { data: {} }; }", {}, _NORMALIZED).answer(asked(1))
    assert (answer.code, answer.detail) == (
        "mapping_mismatch",
        "the script has no normalizeUplink: map its data instead",
    )


def test_variables_of_the_device_stand_over_those_of_the_codec() -> None:
    source = "function decodeUplink(input) { return { data: input.variables }; }"
    codec = CodecAtWork(source, {"a": "codec", "b": "codec"})
    answer = codec.answer(asked(1, variables={"b": "device"}), shown=True)
    assert answer.json == '{"data":{"a":"codec","b":"device"},"warnings":[]}'
    assert codec.answer(asked(1), shown=True).json == '{"data":{"a":"codec","b":"codec"},"warnings":[]}'


@pytest.mark.parametrize(
    "expression, code",
    [
        ("{ toJSON() { return undefined; } }", "codec_error"),
        ("JSON.parse('['.repeat(50000) + ']'.repeat(50000))", "codec_stack_overflow"),
        ("{ v: '9'.repeat(200000) }", "mapping_mismatch"),
        ("{ v: 1e308 }", "mapping_mismatch"),
    ],
)
def test_data_made_to_do_harm_cost_one_payload(expression: str, code: str) -> None:
    source = f"function decodeUplink() {{ return {{ data: {expression} }}; }}"
    mapping = '[[values]]\npath = "v"\nmeasurand = "meter.pulse_count"\nfactor = 1e9'
    assert CodecAtWork(source, {}, mapping).answer(asked(1)).code == code
