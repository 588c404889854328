"""``stadtfunk codecs``: what a script makes of a payload, and which codecs there are."""

from pathlib import Path

import pytest

from domain.decoding.catalogue import DECODERS
from stadtfunk.cli import main
from tests.unit.adapters.javascript.scripts import COUNTER, COUNTER_MAPPING

_SCRIPT = """
function decodeUplink(input) {
  if (input.fPort === 9) return { errors: ["port 9 is not mine"] };
  return {
    data: { count: input.bytes[1], at: input.recvTime, tariff: input.variables.tariff, text: "\\u001b[31m" },
    warnings: ["battery low"],
  };
}
"""
_MAPPING = """
[time]
path = "at"
[[values]]
path = "count"
measurand = "meter.pulse_count"
channel = "pulse1"
[[attributes]]
path = "tariff"
name = "tariff"
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "codec.js").write_text(_SCRIPT)
    (tmp_path / "codec.toml").write_text(_MAPPING)
    return str(tmp_path / "codec.js"), str(tmp_path / "codec.toml")


def test_a_payload_is_shown_with_its_observations(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    script, mapping = files
    words = ["codecs", "test", script, "--fport", "1", "--bytes", "00 2a", "--mapping", mapping]
    assert main([*words, "--recv-time", "2026-01-01T12:00:00Z", "--variables", "tariff=night"]) == 0
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "data = {",
        '  "count": 42,',
        '  "at": "2026-01-01T12:00:00.000Z",',
        '  "tariff": "night",',
        '  "text": "\\u001b[31m"',
        "}",
        "warning battery low",
        "observation at 2026-01-01T12:00:00Z (device time)",
        "measurand          channel  value",
        "meter.pulse_count  pulse1      42",
        "attribute tariff = night",
        "notice codec_warning battery low",
    ]


def test_without_a_mapping_the_data_are_shown(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codecs", "test", files[0], "--fport", "1", "--bytes", "002a"]) == 0
    out = capsys.readouterr().out
    assert '"count": 42' in out
    assert "observation" not in out


def test_what_a_script_refuses_is_told(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codecs", "test", files[0], "--fport", "9", "--bytes", "00"]) == 2
    assert capsys.readouterr().err == f"stadtfunk: {files[0]}: codec_refused: port 9 is not mine\n"


@pytest.mark.parametrize(
    "words, said",
    [
        (["--bytes", "0g"], "argument --bytes: '0g' is not hexadecimal"),
        (["--bytes", "00", "--fport", "300"], "argument --fport: 300 is not between 0 and 255"),
        (
            ["--bytes", "00", "--variables", "tariff"],
            "argument --variables: 'tariff' is no variable: NAME=TEXT expected",
        ),
        (["--bytes", "00", "--recv-time", "now"], "argument --recv-time: 'now' is not a time"),
    ],
)
def test_a_word_that_is_none_is_told(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["codecs", "test", files[0], "--fport", "1", *words])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_mistakes_of_the_mapping_are_told_one_a_line(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.toml").write_text("[[values]]\npath = 'a..b'\nmeasurand = 'x'\n")
    words = ["codecs", "test", files[0], "--fport", "1", "--bytes", "00", "--mapping", str(tmp_path / "bad.toml")]
    assert main(words) == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_the_list_names_every_codec(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "codec.js").write_text(COUNTER)
    (tmp_path / "codec.toml").write_text(COUNTER_MAPPING)
    config = tmp_path / "stadtfunk.toml"
    config.write_text(
        f'[[codecs]]\ndevice_type = "acme_door"\nscript = "{tmp_path}/codec.js"\nmapping = "{tmp_path}/codec.toml"\n'
        'version = 3\nfirmware = "2.*"\nvalid_from = "2026-01-01T12:00:00Z"\n'
    )
    assert main(["codecs", "list", "--config", str(config)]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert ["acme_door", "acme_door_js", "3", "script", "2.*", "2026-01-01T12:00:00Z"] in rows
    assert {row[0] for row in rows} == {*DECODERS.types(), "acme_door"}
