"""How far a job has come, as its file keeps it."""

from pathlib import Path

import pytest

from application.errors import Refused
from application.redecode import Job, Reached
from stadtfunk.roles.job_progress import JobProgress

QUESTION = {"since": "None", "decoders": "a1"}
JOB = Job(0, 10, 20, frozenset({"meter"}))
REACHED = Reached(7, 22, {0: 4711, 3: 12})


def test_a_job_goes_on_as_it_began(tmp_path: Path) -> None:
    path = tmp_path / "job.json"
    JobProgress(path, QUESTION).keep(JOB, REACHED)
    assert JobProgress(path, QUESTION).unfinished() == (JOB, REACHED)


def test_nothing_is_kept_of_a_job_that_never_began(tmp_path: Path) -> None:
    assert JobProgress(tmp_path / "job.json", QUESTION).unfinished() is None


def test_a_job_that_is_done_leaves_nothing(tmp_path: Path) -> None:
    progress = JobProgress(tmp_path / "job.json", QUESTION)
    progress.keep(JOB, REACHED)
    progress.end()
    assert list(tmp_path.iterdir()) == []


def test_other_decoders_are_another_job(tmp_path: Path) -> None:
    path = tmp_path / "job.json"
    JobProgress(path, QUESTION).keep(JOB, REACHED)
    with pytest.raises(Refused, match=r"other words or decoders \(decoders\).*remove it to begin anew"):
        JobProgress(path, {**QUESTION, "decoders": "b2"}).unfinished()


def test_a_file_of_something_else_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "job.json"
    path.write_text("[]")
    with pytest.raises(Refused, match=r"job\.json, cannot be read"):
        JobProgress(path, QUESTION).unfinished()


def test_a_folder_that_is_not_there_is_told_when_something_is_to_be_kept(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be written"):
        JobProgress(tmp_path / "none" / "job.json", QUESTION).keep(JOB, REACHED)
