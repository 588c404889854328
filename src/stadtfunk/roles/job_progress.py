"""How far a job has come, in a small file: killed, the same words go on from there."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from adapters.system.durable_files import write_whole
from application.errors import Refused
from application.redecode import Job, Reached


class _Kept(Struct, frozen=True, forbid_unknown_fields=True):
    question: Mapping[str, str]
    """What was asked for, and with which decoders."""
    job: Job
    reached: Reached


class JobProgress:
    """The file of one job: there while the job is not done."""

    def __init__(self, path: Path, question: Mapping[str, str]) -> None:
        self._path = path
        self._question = question

    def unfinished(self) -> tuple[Job, Reached] | None:
        """Return the job as it began and how far it came; None: there is none to go on with.

        Raises:
            Refused: the file is of another job, or is none.
        """
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=_Kept)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            raise self._refused(f"cannot be read: {error}") from error
        differing = [name for name, said in kept.question.items() if self._question.get(name) != said]
        if differing:
            raise self._refused(f"is of a job with other words or decoders ({', '.join(differing)})")
        return kept.job, kept.reached

    def keep(self, job: Job, reached: Reached) -> None:
        """Remember that all up to ``reached`` is durable.

        Raises:
            Refused: the file cannot be written.
        """
        try:
            write_whole(self._path, msgspec.json.encode(_Kept(self._question, job, reached)))
        except OSError as error:
            raise self._refused(f"cannot be written: {error}") from error

    def end(self) -> None:
        """Forget the job: it is done.

        Raises:
            Refused: the file cannot be removed.
        """
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise self._refused(f"cannot be removed: {error}") from error

    def _refused(self, why: str) -> Refused:
        message = f"progress of a job, {self._path}, {why}: give the same words again, or remove it to begin anew"
        return Refused(message, path=str(self._path))
