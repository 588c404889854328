"""Whatever is typed, the answer is one line on standard error and a code."""

import importlib.metadata
from pathlib import Path

import pytest

from stadtfunk.cli import main
from stadtfunk.commands import config
from tools.services.ports import free_port

DEV_EUI = "70b3d5e75e000001"


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Return the exit code and the one line that ``stadtfunk <words>`` answers."""
    try:
        code = main(words)
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert line.startswith("stadtfunk: ")
    return code, line.removeprefix("stadtfunk: ")


@pytest.mark.parametrize(
    "words, said",
    [
        ([], "the following arguments are required: COMMAND"),
        (["fly"], "invalid choice: 'fly'"),
        (["devices"], "devices: the following arguments are required: WHAT"),
        (["devices", "get"], "required: device"),
        (["devices", "get", "xyz"], "'xyz' is not a DevEUI: 16 hex digits expected"),
        (["devices", "get", DEV_EUI + "0"], "is not a DevEUI"),
        (["devices", "list", "--limit", "0"], "0 is not between 1 and 100000"),
        (["devices", "list", "--limit", "many"], "'many' is no whole number"),
        (["devices", "list", "--server", "nowhere"], "'nowhere' is no address: host:port expected"),
        (["devices", "list", "--server", "nowhere:0"], "is no address"),
        (["devices", "list", "--server", "nowhere:99999"], "is no address"),
        (["devices", "list", "--server", ":1"], "is no address"),
        (["readings", "list", "0000"], "'0000' is not a DevEUI"),
        (["readings", "list", "--since", "yesterday"], "'yesterday' is not a time"),
        (["readings", "list", "--until", "2026-01-01T12:00:00"], "RFC 3339 with a zone expected"),
        (["dead-letters", "list", "--data", ""], "argument --data: it is empty"),
        (["dead-letters", "show"], "required: letter"),
        (["dead-letters", "list", "--data", "folder", "--kafka"], "argument --kafka: not allowed with argument --data"),
        (["run", "--port", "99999"], "99999 is not between 0 and 65535"),
        (["run", "--port", "-1"], "-1 is not between 0 and 65535"),
        (["run", "--devices", "0"], "0 is not between 1 and"),
        (["run", "--rate", "nan"], "nan is no rate: 0 or more expected"),
        (["run", "--rate", "inf"], "inf is no rate"),
        (["run", "--rate", "-1"], "-1 is no rate"),
        (["run", "--rate", "fast"], "'fast' is no number"),
        (["run", "--data", " "], "argument --data: it is empty"),
        (["run", "--config", "/nowhere/stadtfunk.toml"], "cannot be read: No such file or directory"),
        (["simulate"], "required: --mqtt"),
        (["simulate", "--mqtt", "mqtt://b", "--lost", "2"], "lost = 2.0: a share is between 0 and 1"),
        (["simulate", "--mqtt", "mqtt://b", "--qos", "2"], "invalid choice: 2"),
        (["simulate", "--mqtt", "mqtt://b", "--seed", "-1"], "seed = -1: 0 or more, and finite"),
        (["simulate", "--mqtt", "mqtt://b", "--patience", "0"], "0 is not between 1 and"),
        (["simulate", "--mqtt", "http://b"], "no address of a broker"),
    ],
    ids=" ".join,
)
def test_wrong_words_are_configuration(capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    code, line = answer(capsys, *words)
    assert code == 2
    assert said in line


@pytest.mark.parametrize("words", [["devices", "list"], ["devices", "get", DEV_EUI], ["readings", "list", DEV_EUI]])
def test_no_server_is_unavailable(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    code, line = answer(capsys, *words, "--server", nowhere)
    assert code == 69
    assert line.startswith(f"no stadtfunk answers at {nowhere}")


@pytest.mark.parametrize(
    "content, said", [(None, "No such file or directory"), ("no certificate", "holds no certificate (PEM)")]
)
def test_an_authority_that_is_none_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str | None, said: str
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    code, line = answer(capsys, "devices", "list", "--ca-file", str(file))
    assert code == 2
    assert said in line
    assert str(file) in line


def test_all_mistakes_of_the_settings_are_said_one_a_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "stadtfunk.toml"
    file.write_text("[grpc]\nport = 'x'\n[kafka]\npartitions = 0\nbootstrap = 'nowhere'\n")
    assert main(["config", "check", "--config", str(file)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert all(line.startswith(f"stadtfunk: {file}: ") for line in lines)


def test_settings_without_a_mistake_say_where_uplinks_come_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "check"]) == 0
    assert capsys.readouterr().out == "defaults: no mistakes; sources: city (simulated_city)\n"


def test_words_for_a_city_that_is_not_there_are_a_mistake(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "stadtfunk.toml"
    file.write_text("[[sources]]\nname = 'swu'\nhost = 'broker'\ntopics = ['up']\n")
    code, line = answer(capsys, "run", "--config", str(file), "--rate", "5")
    assert (code, line) == (2, "run: --rate: no source is a simulated city")


def test_what_others_wrote_reaches_the_terminal_as_text_in_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "stadtfunk.toml"
    file.write_text('"\\u001b[2J\\nx" = 1')
    _, line = answer(capsys, "config", "check", "--config", str(file))
    assert "\x1b" not in line
    assert "�[2J x" in line


def test_a_bug_shows_where_it_is_and_has_its_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(config, "settings_of", broken)
    assert main(["config", "check"]) == 70
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_the_version_is_the_one_that_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"stadtfunk {importlib.metadata.version('stadtfunk')}\n"


@pytest.mark.parametrize("word", ["run", "ingest", "process", "sink", "serve", "migrate", "simulate", "dead-letters"])
def test_every_word_explains_itself(capsys: pytest.CaptureFixture[str], word: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main([word, "--help"])
    assert ended.value.code == 0
    assert f"usage: stadtfunk {word}" in capsys.readouterr().out
