"""Mappings as people write them: what they may say, and every mistake with its place, value and remedy."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.javascript.codec_files import CodecFiles
from adapters.javascript.mapping_file import MappingInvalid, mapping_of
from domain.decoding import Notice
from domain.observation import Position, Reading
from tests.support.builders import NOON_NS

_WHOLE = """
[time]
path = "time"
format = "unix_s"

[[values]]
path = "meters[].energy"
measurand = "electricity.energy.active.import"
channel = "ch{meters[].number}.t1"
unit = "kWh"
digits = 2
missing = [-1]

[[values]]
path = "door"
measurand = "device.switch"
states = { open = false, closed = true }

[[values]]
path = "mv"
measurand = "device.battery.voltage"
factor = 0.001
time = { age = "age", age_unit = "min" }

[[positions]]
latitude = "gps.lat"
longitude = "gps.lon"
source = "wifi"

[[attributes]]
path = "fw"
name = "firmware"

[[notices]]
path = "event"
code = "button_pressed"
when = ["press", 1]
"""


def mistakes(text: str) -> list[str]:
    """Return what is wrong with a mapping."""
    with pytest.raises(MappingInvalid) as refused:
        mapping_of(text)
    return refused.value.mistakes


def test_a_whole_mapping_is_read() -> None:
    data = {
        "time": NOON_NS // 10**9,
        "meters": [{"number": 1, "energy": Decimal("12.345")}, {"number": 2, "energy": -1}],
        "door": "closed",
        "mv": 3612,
        "age": 15,
        "gps": {"lat": Decimal("48.4"), "lon": 10},
        "fw": "1.2",
        "event": 1,
    }
    decoded = mapping_of(_WHOLE).decoded(data)
    first, second = decoded.snapshots
    assert (first.device_ns, first.age_ns) == (NOON_NS, 0)
    assert first.readings == (
        Reading("electricity.energy.active.import", "ch1.t1", 123_400_000, -4),
        Reading("device.switch", "", value=True),
        Reading("position", "", Position(484_000_000, 100_000_000, "wifi")),
    )
    assert (second.device_ns, second.age_ns) == (None, 900 * 10**9)
    assert second.readings == (Reading("device.battery.voltage", "", 3.612),)
    assert decoded.attributes == {"firmware": "1.2"}
    assert decoded.notices == (Notice("button_pressed", "1"),)


def test_an_empty_mapping_maps_nothing() -> None:
    assert mapping_of("").decoded({"a": 1}).notices == (Notice("nothing_mapped"),)


def test_a_factor_keeps_the_digits_it_is_written_with() -> None:
    text = '[[values]]\npath = "v"\nmeasurand = "meter.pulse_count"\nfactor = 0.1'
    [snapshot] = mapping_of(text).decoded({"v": 30}).snapshots
    assert snapshot.readings[0].value == 3


@pytest.mark.parametrize(
    "text, mistake",
    [
        ("values = ", "is not TOML: "),
        ('raeds = "data"', "raeds is unknown: did you mean 'reads'?"),
        ('reads = "everything"', "reads = 'everything': one of data, normalized expected"),
        ("values = 5", "values = 5: tables expected, written as [[values]]"),
        ("values = [5]", "values[0] = 5: a table expected"),
        ("[[values]]\nmeasurand = 'device.temperature'", "values[0].path is missing"),
        ("[[values]]\npath = 'v'", "values[0].measurand is missing"),
        ("[[values]]\npath = 5\nmeasurand = 'device.temperature'", "values[0].path = 5: a text expected"),
        ("[[values]]\npath = 'a..b'\nmeasurand = 'device.temperature'", "values[0].path = 'a..b': 'a..b' is no path"),
        (
            "[[values]]\npath = 'v'\nmeasurand = 'device.temprature'",
            "values[0].measurand = 'device.temprature': no measurand of the catalogue: did you mean",
        ),
        (
            "[[values]]\npath = 'v'\nmeasurand = 'soil.moisture.deep'",
            "values[0].measurand = 'soil.moisture.deep': no measurand of the catalogue: docs/measurands.md has",
        ),
        ("[[values]]\npath = 'v'\nmeasurand = 'position'", "values[0].measurand = 'position': a place has latitude"),
        (
            "[[values]]\npath = 'v'\nmeasurand = 'device.temperature'\nchannel = 'kitchen'",
            "values[0].channel = 'kitchen': 'kitchen' is no channel",
        ),
        (
            "[[values]]\npath = 'v'\nmeasurand = 'device.temperature'\nchannel = 'ch{all[].n}'",
            "values[0].channel = 'ch{all[].n}': {all[].n} goes through a list that 'v' does not",
        ),
        (
            "[[values]]\npath = 'v'\nmeasurand = 'device.temperature'\nchannel = 'ch{#}'",
            "values[0].channel = 'ch{#}': {#} goes through a list that 'v' does not",
        ),
        (
            "[[values]]\npath = 'v'\nmeasurand = 'device.battery.voltage'\nunit = 'kWh'",
            "values[0].unit = 'kWh': one of V, mV expected",
        ),
        (
            "[[values]]\npath = 'v'\nmeasurand = 'device.battery.voltage'\nunit = 'mV'\nfactor = 0.001",
            "values[0].factor = 0.001: unit and factor exclude each other: leave one out",
        ),
        (
            "[[values]]\npath = 'v'\nmeasurand = 'device.temperature'\nfactor = 0",
            "values[0].factor = 0: other than 0 expected",
        ),
        (
            "[[values]]\npath = 'v'\nmeasurand = 'device.temperature'\nfactor = inf",
            "values[0].factor = Infinity: a number expected",
        ),
        (
            "[[values]]\npath = 'v'\nmeasurand = 'device.temperature'\ndigits = 1.5",
            "values[0].digits = 1.5: a whole number from 0 to 12 expected",
        ),
        (
            "[[values]]\npath = 'v'\nmeasurand = 'device.temperature'\nstates = { a = true }",
            "values[0].states = 'device.temperature': it is a gauge: states are for ",
        ),
        (
            "[[values]]\npath = 'v'\nmeasurand = 'device.switch'\nstates = { a = 1.5 }",
            "values[0].states.a = 1.5: true, false, a whole number or a text expected",
        ),
        ("[[values]]\npath = 'v'\nmeasurand = 'device.switch'\nstates = 5", "values[0].states = 5: a table expected"),
        ("[[values]]\npath = 'v'\nmeasurand = 'device.switch'\nmissing = 5", "values[0].missing = 5: a list expected"),
        (
            "[[values]]\npath = 'v'\nmeasurand = 'device.switch'\nmisssing = []",
            "values[0].misssing is unknown: did you mean 'missing'?",
        ),
        ("[time]\nformat = 'rfc3339'", "time.path = None: path (an instant) or age (how long ago) expected"),
        ("[time]\npath = 't'\nformat = 'excel'", "time.format = 'excel': one of rfc3339, unix_s, unix_ms expected"),
        ("[time]\nage = 't'\nage_unit = 'kWh'", "time.age_unit = 'kWh': one of ms, s, min, h, d, ns expected"),
        ("[time]\npath = 'all[].t'", "time.path = 'all[].t': it goes through a list that 'the mapping' does not"),
        ("[[positions]]\nlatitude = 'a'", "positions[0].longitude is missing"),
        (
            "[[positions]]\nlatitude = 'a[].lat'\nlongitude = 'b[].lon'",
            "positions[0].longitude = 'b[].lon': it goes through a list that 'a[].lat' does not",
        ),
        (
            "[[positions]]\nlatitude = 'a'\nlongitude = 'b'\nsource = 'guess'",
            "positions[0].source = 'guess': one of surveyed, gnss",
        ),
        ("[[attributes]]\npath = 'a'", "attributes[0].name is missing"),
        ("[[attributes]]\npath = 'a'\nname = 'A b'", "attributes[0].name = 'A b': lower-case letters"),
        ("[[notices]]\npath = 'a'\ncode = 'A'", "notices[0].code = 'A': lower-case letters"),
        ("[[notices]]\npath = 'a'\ncode = 'a'\nwhen = [[1]]", "notices[0].when = [[1]]: "),
    ],
)
def test_a_mistake_is_told_with_its_place_value_and_remedy(text: str, mistake: str) -> None:
    assert mistakes(text)[0].startswith(mistake)


def test_all_mistakes_are_told_at_once() -> None:
    assert len(mistakes("[[values]]\npath = 1\n[[values]]\nmeasurand = 2\n[[notices]]\ncode = 3")) == 6


@given(st.text(max_size=200))
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    try:
        mapping_of(text)
    except MappingInvalid as refused:
        assert all(refused.mistakes)  # noqa: PT017  some texts are mappings


def test_files_name_their_mistakes(tmp_path: Path) -> None:
    (tmp_path / "codec.js").write_bytes(b"\xff\xfe")
    (tmp_path / "codec.toml").write_text("[[values]]\npath = 'v'")
    files = CodecFiles("acme", tmp_path / "codec.js", tmp_path / "codec.toml")
    assert list(files.mistakes()) == [
        f"script = {str(tmp_path / 'codec.js')!r}: is not UTF-8 text",
        f"mapping = {str(tmp_path / 'codec.toml')!r}: values[0].measurand is missing",
    ]
    assert list(CodecFiles("acme", tmp_path / "none.js").mistakes()) == [
        f"script = {str(tmp_path / 'none.js')!r}: cannot be read: No such file or directory"
    ]
    (tmp_path / "great.js").write_bytes(b" " * 2**21)
    [mistake] = CodecFiles("acme", tmp_path / "great.js").mistakes()
    assert mistake.endswith("it has more than 1048576 bytes")
