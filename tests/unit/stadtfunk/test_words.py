"""Each word of the command line is loaded by itself, and nothing that it does not need."""

import subprocess
import sys

import pytest

from stadtfunk import cli

CLIENTS = ("aiokafka", "cassandra", "grpc", "aiohttp")
LOADED = """
import sys
from stadtfunk import cli
cli.parser(cli._modules(sys.argv[1:]))
print(*sys.modules)
"""


def clients_of(*words: str) -> set[str]:
    """Return which clients a process loads that is to do ``words``."""
    said = subprocess.run([sys.executable, "-c", LOADED, *words], capture_output=True, text=True, check=True).stdout
    return set(said.split()) & set(CLIENTS)


@pytest.mark.parametrize("word", cli._WORDS)
def test_each_word_is_what_its_module_adds(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([word, "--help"])
    assert ended.value.code == 0
    assert f"usage: stadtfunk {word}" in capsys.readouterr().out


def test_the_help_names_all_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    shown = capsys.readouterr().out
    assert [word for word in cli._WORDS if word not in shown] == []


@pytest.mark.parametrize("role", ["ingest", "process"])
def test_a_role_before_the_database_loads_no_client_of_it(role: str) -> None:
    assert clients_of(role) == {"aiokafka"}


def test_the_embedded_platform_loads_no_client_of_the_distributed_one() -> None:
    assert clients_of("run") & {"aiokafka", "cassandra"} == set()


def test_who_asks_the_api_loads_its_client_alone() -> None:
    assert clients_of("readings", "list") == {"grpc"}
