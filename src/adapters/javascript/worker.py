"""The worker process: scripts run here, and what they do to it, they do to it alone.

``python -m adapters.javascript.worker FD``: questions on standard input, answers on what was standard output. It ends
when its input ends, which is also when the platform was killed.
"""

import os
import sys
import time
from contextlib import suppress
from typing import BinaryIO

from adapters.javascript.codec_at_work import CodecAtWork
from adapters.javascript.confinement import confine, no_longer_than, without_limit
from adapters.javascript.limits import BEYOND_S, CALL_S, LEASH_S, LOAD_S
from adapters.javascript.progress import NOWHERE, Progress
from adapters.javascript.script import ScriptBroken
from adapters.javascript.wire import SUSPENDED, Answer, Answers, Ask, Hello, Load, Loaded, Reply, read_question, written


class Worker:
    """Knows the codecs that were loaded into it."""

    def __init__(self, progress: Progress) -> None:
        self._codecs: dict[str, CodecAtWork] = {}
        self._progress = progress

    def reply(self, question: Load | Ask) -> Reply:
        """Return the answer to one question."""
        reply = self._loaded(question) if isinstance(question, Load) else self._answers(question)
        without_limit()
        return reply

    def _loaded(self, load: Load) -> Loaded:
        no_longer_than(LOAD_S)
        try:
            self._codecs[load.codec] = CodecAtWork(load.script, load.variables, load.mapping)
        except ScriptBroken as error:
            return Loaded(str(error) or type(error).__name__)
        return Loaded()

    def _answers(self, ask: Ask) -> Answers:
        codec, began = self._codecs[ask.codec], time.process_time()
        answers: list[Answer] = []
        for number, payload in enumerate(ask.payloads):
            over_s = time.process_time() - began - ask.allowed_s
            if over_s > ask.overdraft_s:
                answers.append(Answer(None, "codec_suspended", SUSPENDED))
                continue
            seconds = CALL_S if over_s <= 0 else LEASH_S
            self._progress.at(number)
            no_longer_than(seconds + BEYOND_S)
            answers.append(codec.answer(payload, seconds, shown=ask.shown))
        self._progress.at(NOWHERE)
        return Answers(answers, time.process_time() - began)


def main() -> None:
    """Answer until nobody asks any more."""
    answers = _private_output()
    confine()
    with suppress(BrokenPipeError):
        _say(answers, Hello())
        worker = Worker(Progress(int(sys.argv[1])))
        while (question := read_question(sys.stdin.buffer)) is not None:
            _say(answers, worker.reply(question))
    os._exit(0)  # nothing to put away, and no engine to be taken apart


def _private_output() -> BinaryIO:
    """Return standard output for us alone; what anybody else prints there goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return answers


def _say(answers: BinaryIO, reply: Reply) -> None:
    answers.write(written(reply))
    answers.flush()


if __name__ == "__main__":
    main()
