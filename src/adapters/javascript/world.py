"""A JavaScript context with one script in it, and its limits."""

from functools import cache
from importlib import resources
from typing import Literal

import quickjs

from adapters.javascript.limits import CALL_BYTES, READING_S, SCRIPT_BYTES, STACK_BYTES

_BREAKING = frozenset("CMSX")
"""Answers after which nothing more is asked of a world: it was interrupted anywhere, or has no room left."""


class World:
    """What one script finds around it; see realm.js."""

    def __init__(self, source: str, kind: Literal["frozen", "watched", "fresh"]) -> None:
        """Read ``source``, a function of JavaScript that returns the script's entries.

        Raises:
            JSException: it is no JavaScript.
        """
        context = quickjs.Context()
        context.set_max_stack_size(STACK_BYTES)
        context.set_memory_limit(SCRIPT_BYTES)
        context.set_time_limit(READING_S)
        realm = context.eval(_text("realm.js"))(context.eval(_text("buffer.js")), kind)
        self._script = context.eval(source)
        self._decode, self._sweep, self._touches = realm("decode"), realm("sweep"), realm("touches")
        self._context = context
        self._broken = False
        self._used = False
        self._seconds = READING_S

    def touches(self) -> bool:
        """Say whether the script changes what is built in, when it is read.

        Raises:
            JSException: its top level fails.
        """
        return bool(self._touches(self._script))

    def limit(self, seconds: float) -> None:
        """Let each payload from now on take no more than so much processor time."""
        if seconds != self._seconds:
            self._seconds = seconds
            self._context.set_time_limit(seconds)

    def decode(self, data: str, f_port: int, ms: float, variables: str, *, normalizing: bool) -> str:
        """Return the answer to a payload: a letter, and the result or the reason (realm.js)."""
        if not self._used:
            self._used = True
            self._context.set_memory_limit(self._context.memory()["malloc_size"] + CALL_BYTES)
        try:
            answer = str(self._decode(self._script, data, f_port, ms, variables, normalizing))
        except quickjs.JSException as error:
            answer = _answer(str(error).partition("\n")[0])
        except Exception as error:  # noqa: BLE001  what the binding cannot bring over costs one payload, not the worker
            answer = f"X{type(error).__name__}: {error}"
        self._broken = answer[0] in _BREAKING
        return answer

    def is_clean(self) -> bool:
        """Sweep away what the last payload left behind, and say whether the next one finds what it found."""
        try:
            return not self._broken and bool(self._sweep())
        except quickjs.JSException:
            return False


def _answer(message: str) -> str:
    if message.endswith("interrupted"):
        return "C"
    return f"M{message}" if "out of memory" in message or message == "null" else f"X{message}"


@cache
def _text(name: str) -> str:
    return resources.files("adapters.javascript").joinpath(name).read_text(encoding="utf-8")
