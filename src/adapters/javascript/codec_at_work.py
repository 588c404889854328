"""A script with its mapping, in the worker process: from one payload to one answer."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec
from msgspec import Struct

from adapters.javascript.limits import CALL_S
from adapters.javascript.mapping_file import mapping_of
from adapters.javascript.script import Script
from adapters.javascript.wire import Answer, Asked
from domain.decoding import Decoded, Undecodable
from domain.decoding.mapping import Data, DataMapping


class _Result(Struct, frozen=True):
    """What a script returned."""

    data: Data
    warnings: tuple[str, ...] = ()
    normalized: Data = None


# A fraction stays the text that it was: a register must not go through a float.
_RESULT = msgspec.json.Decoder(_Result, float_hook=Decimal)
_NOTHING = DataMapping()


class CodecAtWork:
    """One codec."""

    def __init__(self, script: str, variables: Mapping[str, str], mapping: str = "") -> None:
        """Read the script and its mapping.

        Raises:
            ScriptBroken: it is no JavaScript, or its top level fails.
            MappingInvalid: the platform has not looked at the mapping before.
        """
        self._mapping = mapping_of(mapping) if mapping else _NOTHING
        self._script = Script(script, variables, normalizing=self._mapping.normalized or not mapping)

    def answer(self, payload: Asked, seconds: float = CALL_S, *, shown: bool = False) -> Answer:
        """Return what one payload means, for which its script may take so many ``seconds`` of processor time."""
        said = self._script.decode(payload.data, payload.f_port, payload.network_ns, payload.variables, seconds)
        if said.code:
            return Answer(None, said.code, said.detail)
        try:
            result = _RESULT.decode(said.json)
            return Answer(self._decoded(result), json=said.json if shown else "")
        except Undecodable as error:
            return Answer(None, error.code, error.message, said.json if shown else "")
        except Exception as error:  # noqa: BLE001  data made to do harm cost one payload
            return Answer(None, "codec_error", f"{type(error).__name__}: {error}"[:300])

    def _decoded(self, result: _Result) -> Decoded:
        if not self._mapping.normalized:
            return self._mapping.decoded(result.data, result.warnings)
        if result.normalized is None:
            raise Undecodable("mapping_mismatch", "the script has no normalizeUplink: map its data instead")
        # One measurement or several, as the script likes; The Things Stack makes a list of it too.
        several = result.normalized if isinstance(result.normalized, list) else [result.normalized]
        return self._mapping.decoded(several, result.warnings)
