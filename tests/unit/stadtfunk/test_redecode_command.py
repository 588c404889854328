"""``stadtfunk redecode``: what it refuses before it reads anything."""

from pathlib import Path

import pytest

from stadtfunk.cli import main


def test_a_type_that_nothing_decodes_is_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["redecode", "--data", str(tmp_path), "--dry-run", "--device-type", "bosch_tps110", "--device-type", "wine"]
    assert main(words) == 2
    said = capsys.readouterr().err
    assert "'wine' has no decoder; there are" in said
    assert "bosch_tps110" in said
