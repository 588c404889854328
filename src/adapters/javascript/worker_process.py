"""The worker process as the platform sees it: started, asked, and ended whatever state it is in."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

from adapters.javascript.progress import Progress
from adapters.javascript.wire import LENGTH_BYTES, Garbled, Hello, Question, Reply, length_of, read_reply, written

COMMAND = (sys.executable, "-I", "-X", "utf8", "-m", "adapters.javascript.worker")
"""Isolated: neither variables nor folders of whoever started the platform change what it runs."""
_ENVIRONMENT = {"TZ": "UTC", "LC_ALL": "C.UTF-8"}
"""Nothing else: what the platform was told in variables is no business of a script; dates without zone are UTC."""
_START_S = 30.0
"""It takes 0.2 s; a machine that is as busy as this is in trouble anyway."""
_END_S = 5.0
"""From SIGKILL to its end."""


class WorkerDied(Exception):
    """The process ended, did not answer in time, or talked garbage; it is gone."""

    def __init__(self, why: str, over: int | None = None) -> None:
        super().__init__(why)
        self.over = over
        """The payload of the question that took too long, if the kernel ended it for that."""


class WorkerProcess:
    """One process, from its start to its end."""

    def __init__(self, process: asyncio.subprocess.Process, progress: Progress) -> None:
        self._process = process
        self._progress = progress
        self.codecs: set[str] = set()
        """What was loaded into it."""

    @classmethod
    async def start(cls, command: Sequence[str] = COMMAND) -> "WorkerProcess":
        """Return a process that is ready.

        Raises:
            WorkerDied: it did not become ready.
        """
        progress, file = Progress.created()
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                str(file),
                pass_fds=(file,),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=_ENVIRONMENT,
                cwd="/",
                start_new_session=True,  # Ctrl-C is the platform's; the worker ends with its pipe
            )
        except OSError as error:
            progress.close()
            raise WorkerDied(f"it cannot be started: {error.strerror}") from error
        finally:
            os.close(file)
        worker = cls(process, progress)
        if not isinstance(await worker._reply(_START_S, None), Hello):
            raise await worker._dead("it began with something else than its greeting")
        return worker

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    async def ask(self, question: Question, seconds: float) -> Reply:
        """Return the reply to ``question``.

        Raises:
            WorkerDied: there is none within ``seconds``.
        """
        return await self._reply(seconds, written(question))

    async def end(self) -> None:
        """End the process; nothing in it is worth keeping."""
        with suppress(ProcessLookupError):
            self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_S):
                await self._process.wait()
        self._progress.close()

    async def _reply(self, seconds: float, question: bytes | None) -> Reply:
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(question)
        except TimeoutError:
            raise await self._dead(f"no answer within {seconds:.0f} s") from None
        except Garbled as error:
            raise await self._dead(f"it talks garbage: {error}") from error
        except (OSError, EOFError):
            raise await self._dead("") from None
        except asyncio.CancelledError:
            await self.end()  # its answer would be taken for that to the next question
            raise

    async def _exchange(self, question: bytes | None) -> Reply:
        pipe, answers = self._process.stdin, self._process.stdout
        if pipe is None or answers is None:
            raise EOFError
        if question is not None:
            pipe.write(question)
            await pipe.drain()
        length = length_of(await answers.readexactly(LENGTH_BYTES))
        return read_reply(await answers.readexactly(length))

    async def _dead(self, why: str) -> WorkerDied:
        """End what may be left of it, and return how it ended."""
        if not why:  # its pipe is at its end, so the kernel is about to tell how
            with suppress(TimeoutError):
                async with asyncio.timeout(_END_S):
                    await self._process.wait()
        code = self._process.returncode
        over = self._progress.payload if code == -signal.SIGPROF else None
        await self.end()
        return WorkerDied(why or f"it ended with {_ending(code)}", over)


def _ending(code: int | None) -> str:
    if code is None:
        return "a closed pipe"
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
