"""Codecs of device vendors, written in JavaScript, behind the port: asked in batches, run in a worker process."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from adapters.javascript.allowance import MOST_S, OVERDRAFT_S, Allowance
from adapters.javascript.codec_files import CodecFiles
from adapters.javascript.limits import BEYOND_S, CALL_S
from adapters.javascript.wire import SUSPENDED, Answer, Answers, Ask, Asked, Load, Loaded
from adapters.javascript.worker_process import COMMAND, WorkerDied, WorkerProcess
from application.errors import Refused, Unavailable
from application.ports.payload_decoder import ScriptPayload
from domain.decoding import Decoded, Undecodable

_log = logging.getLogger(__name__)

_AT_ONCE = 500
"""Payloads of a question: its answer is some 100 kB."""
_LOAD_S = 30.0
_STALL_S = 10.0
"""Beside the processor time that a worker was allowed; one that was stopped (SIGSTOP) uses none, and waits for ever."""
_SLOWNESS = 4
"""Processes that share each processor with the worker."""
_DEATH_S = CALL_S + BEYOND_S + 0.1
"""Processor time of a payload that took too long, and of a new process."""
_TRIES = 2
"""A worker may be killed for reasons that are no payload's fault; twice over the same payload is its fault."""
_STARTS = 3


class JavascriptPayloadDecoder:
    """Decodes by scripts. Without codecs it never starts a process."""

    def __init__(
        self,
        codecs: Sequence[CodecFiles],
        command: Sequence[str] = COMMAND,
        *,
        stall_s: float = _STALL_S,
        most_s: float = MOST_S,
    ) -> None:
        self._codecs: Mapping[str, CodecFiles] = {codec.name: codec for codec in codecs}
        self._loads: dict[str, Load] = {}
        """Read once: what stands in the files later counts from the next start."""
        self._command = command
        self._stall_s = stall_s
        self._allowances = {name: Allowance(time.monotonic, most_s) for name in self._codecs}
        self._worker: WorkerProcess | None = None
        self._lock = asyncio.Lock()
        """Partitions are processed side by side, and the worker answers one question after another."""

    async def __aenter__(self) -> Self:
        """Read all scripts.

        Raises:
            Refused: one of them cannot be read; the message names its file.
            Unavailable: no worker can be started.
        """
        try:
            for name in self._codecs:
                await self._read(name)
        except BaseException:
            await self.close()
            raise
        return self

    def load(self, codec: str) -> None:
        """Read the files of ``codec``.

        Raises:
            OSError, UnicodeError: they cannot be read.
        """
        self._loads[codec] = self._codecs[codec].load()

    async def _read(self, codec: str) -> None:
        script = self._codecs[codec].script
        try:
            self.load(codec)
            await self._loaded(codec)
        except (OSError, UnicodeError) as error:
            raise Refused(f"{script}: script or mapping cannot be read: {error}", codec=codec) from error
        except WorkerDied as died:
            raise Refused(f"{script}: the script does not come to an end when it is read", codec=codec) from died

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def worker_pid(self) -> int | None:
        """The process id of the worker, while there is one."""
        return None if self._worker is None else self._worker.pid

    async def close(self) -> None:
        """End the worker."""
        worker, self._worker = self._worker, None
        if worker is not None:
            await worker.end()

    async def decode(self, payloads: Sequence[ScriptPayload]) -> list[Decoded | Undecodable]:
        found: list[Decoded | Undecodable] = [_UNASKED] * len(payloads)
        places: dict[str, list[int]] = {}
        for place, payload in enumerate(payloads):
            places.setdefault(payload.codec, []).append(place)
        for codec, of_codec in places.items():
            for start in range(0, len(of_codec), _AT_ONCE):
                part = of_codec[start : start + _AT_ONCE]
                answers = await self._answers(codec, [_asked(payloads[place]) for place in part])
                for place, answer in zip(part, answers, strict=True):
                    found[place] = _result(answer)
        return found

    async def show(self, payload: ScriptPayload) -> Answer:
        """Return all that a script makes of one payload, for people who try it.

        Raises:
            Unavailable: as ``decode``.
        """
        async with self._lock:
            return await self._alone(payload.codec, _asked(payload), shown=True)

    async def _answers(self, codec: str, asked: list[Asked]) -> list[Answer]:
        async with self._lock:
            return await self._answered(codec, asked)

    async def _answered(self, codec: str, asked: list[Asked]) -> list[Answer]:
        answers: list[Answer] = []
        while len(answers) < len(asked):
            rest = asked[len(answers) :]
            try:
                answers += await self._together(codec, rest)
            except WorkerDied as died:
                self._pay_for(died, codec)
                answers += await self._rescued(codec, rest, died.over)
        return answers

    async def _rescued(self, codec: str, asked: list[Asked], over: int | None) -> list[Answer]:
        """Return answers to what was asked of a worker that died, up to the payload it died over."""
        if over is None or over >= len(asked):
            return await self._up_to_the_culprit(codec, asked)
        before = await self._answered(codec, asked[:over])
        return [*before, Answer(None, "codec_timeout", _ENDLESS)]

    async def _up_to_the_culprit(self, codec: str, asked: list[Asked]) -> list[Answer]:
        """Ask for one payload at a time, until the one is found that the worker does not survive."""
        answers = []
        for each in asked:
            worker = self._worker
            answers.append(await self._alone(codec, each))
            if worker is not None and self._worker is not worker:
                break
        return answers

    async def _alone(self, codec: str, asked: Asked, *, shown: bool = False) -> Answer:
        why = ""
        for _ in range(_TRIES):
            try:
                [answer] = await self._together(codec, [asked], shown=shown)
            except WorkerDied as died:
                self._pay_for(died, codec)
                why = str(died)
                if died.over is not None:
                    return Answer(None, "codec_timeout", _ENDLESS)
            else:
                return answer
        return Answer(None, "codec_worker_died", f"the worker process did not survive it: {why}")

    async def _together(self, codec: str, asked: list[Asked], *, shown: bool = False) -> list[Answer]:
        """Ask for all at once.

        Raises:
            WorkerDied: it did not answer.
        """
        allowance = self._allowances.get(codec)
        if allowance is None:
            return [Answer(None, "codec_unknown", f"there is no script codec {codec!r}")] * len(asked)
        allowed_s = allowance.of(len(asked))
        if allowed_s + OVERDRAFT_S <= 0:
            return [Answer(None, "codec_suspended", SUSPENDED)] * len(asked)
        worker = await self._loaded(codec)
        seconds = self._stall_s + _SLOWNESS * min(allowed_s + OVERDRAFT_S, (CALL_S + BEYOND_S) * len(asked))
        reply = await worker.ask(Ask(codec, asked, allowed_s, OVERDRAFT_S, shown), seconds)
        if not isinstance(reply, Answers) or len(reply.answers) != len(asked):
            await self.close()
            raise WorkerDied("it answered something that was not asked")
        allowance.spent(reply.spent_s, len(asked))
        return reply.answers

    async def _loaded(self, codec: str) -> WorkerProcess:
        """Return a worker that knows ``codec``."""
        worker = self._worker or await self._started()
        if codec in worker.codecs:
            return worker
        reply = await worker.ask(self._loads[codec], _LOAD_S)
        if not isinstance(reply, Loaded):
            await self.close()
            raise WorkerDied("it answered something that was not asked")
        if reply.mistake:
            raise Refused(f"{self._codecs[codec].script}: the script cannot be read: {reply.mistake}", codec=codec)
        worker.codecs.add(codec)
        return worker

    async def _started(self) -> WorkerProcess:
        why = ""
        for _ in range(_STARTS):
            try:
                self._worker = await WorkerProcess.start(self._command)
            except WorkerDied as died:
                why = str(died)
            else:
                return self._worker
        raise Unavailable(f"the worker process for JavaScript codecs does not start: {why}")

    def _pay_for(self, died: WorkerDied, codec: str) -> None:
        _log.warning("the worker for JavaScript codecs died over codec %s (%s); it is started again", codec, died)
        self._worker = None
        allowance = self._allowances.get(codec)
        if allowance is not None:
            allowance.spent(_DEATH_S, 0)


_UNASKED = Undecodable("codec_error", "it was not asked for")
_ENDLESS = "its script does not come to an end"


def _asked(payload: ScriptPayload) -> Asked:
    its = payload.payload
    return Asked(its.data, its.f_port, its.network_ns, payload.variables or None)


def _result(answer: Answer) -> Decoded | Undecodable:
    return answer.decoded if answer.decoded is not None else Undecodable(answer.code, answer.detail)
