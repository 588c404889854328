"""A codec's script at work in its JavaScript engine: only in the worker process, never in the platform's own.

The engine is quickjs-ng. What it must not be trusted with: a context belongs to the thread that made it, a whole
number of Python is cut to 32 bits (so times go in as floats and bytes as JSON), and some loops inside the engine never
look at the clock (``new Array(4294967295).join()`` runs for minutes), which is why the worker has a limit of its own.
"""

import json
from collections.abc import Mapping

import quickjs
from msgspec import Struct

from adapters.javascript.limits import CALL_S
from adapters.javascript.module_syntax import without_module_syntax
from adapters.javascript.world import World

_NS_PER_MS = 1_000_000
_NAMES = ("decodeUplink", "Decoder", "Decode", "normalizeUplink")
_NAMED = ",".join(f'typeof {name}==="function"?{name}:undefined' for name in _NAMES)
_BUNDLED = 'typeof driver==="object"?driver:undefined'
"""Where bundled scripts of ThingPark X give their functions away."""
_CODES = {
    "R": "codec_refused",
    "M": "codec_out_of_memory",
    "S": "codec_stack_overflow",
    "C": "codec_timeout",
    "L": "codec_result_too_large",
}
"""By the letter that begins an answer (realm.js); all others are ``codec_error``."""
_WORLDS_FAULT = frozenset("TM")
"""What a frozen world, or what earlier payloads left in memory, may be the reason for."""


class ScriptBroken(Exception):
    """The script cannot be read, or its top level fails."""


class Said(Struct, frozen=True, gc=False):
    """What a script answered to one payload."""

    json: str = ""
    """``data``, ``warnings`` and ``normalized``; empty: it failed."""
    code: str = ""
    """Why it failed."""
    detail: str = ""


class Script:
    """One codec's script, ready for payload after payload."""

    def __init__(self, source: str, variables: Mapping[str, str], *, normalizing: bool = False) -> None:
        """Read ``source``; ``normalizing``: call its ``normalizeUplink`` as well.

        Raises:
            ScriptBroken: it is no JavaScript, or its top level fails.
        """
        # A function, so that the top level runs for each payload and its variables are that payload's own.
        self._source = f"(function(){{{without_module_syntax(source)}\n;return[{_NAMED},{_BUNDLED}];}})"
        self._variables = dict(variables)
        self._text = json.dumps(self._variables)
        self._normalizing = normalizing
        self.fresh = self._touches()
        """Whether it changes what is built in, and therefore gets a new world for each payload."""
        self._world: World | None = None

    def decode(
        self,
        data: bytes,
        f_port: int,
        network_ns: int,
        variables: Mapping[str, str] | None = None,
        seconds: float = CALL_S,
    ) -> Said:
        """Return what the script makes of one payload.

        Args:
            data: the payload.
            f_port: its port.
            network_ns: when the network received it, ns since 1970-01-01 UTC.
            variables: the device's, over those of the codec.
            seconds: how much processor time it may take.
        """
        world, self._world = self._world or self._new(), None
        asked = _Asked(
            str(list(data)),
            f_port,
            float(network_ns // _NS_PER_MS),
            json.dumps({**self._variables, **variables}) if variables else self._text,
            seconds,
        )
        answer = self._ask(world, asked)
        if not self.fresh:
            if world.is_clean():
                self._world = world
            if answer[0] in _WORLDS_FAULT:
                answer = self._ask(self._new(fresh=True), asked)
        return _said(answer, seconds)

    def _ask(self, world: World, asked: "_Asked") -> str:
        world.limit(asked.seconds)
        return world.decode(asked.data, asked.f_port, asked.ms, asked.variables, normalizing=self._normalizing)

    def _new(self, *, fresh: bool = False) -> World:
        return World(self._source, "fresh" if fresh or self.fresh else "frozen")

    def _touches(self) -> bool:
        try:
            return World(self._source, "watched").touches()
        except quickjs.JSException as error:
            raise ScriptBroken(str(error).partition("\n")[0]) from error


class _Asked(Struct, frozen=True, gc=False):
    """One payload as the engine takes it."""

    data: str
    """JSON."""
    f_port: int
    ms: float
    variables: str
    """JSON."""
    seconds: float


def _said(answer: str, seconds: float) -> Said:
    if answer[0] == "D":
        return Said(answer[1:])
    detail = "; ".join(json.loads(answer[1:])) if answer[0] == "R" else answer[1:]
    detail = detail.encode(errors="replace").decode() or f"more than {seconds * 1_000:.0f} ms"
    return Said(code=_CODES.get(answer[0], "codec_error"), detail=detail)
