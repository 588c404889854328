"""What a codec is: a pure function from payload and context to what they mean.

Facts that arrive in pieces are assembled in the context, which goes in and comes out as a value.
"""

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import force_setattr

from domain.errors import DomainError
from domain.observation import Reading


class Undecodable(DomainError):
    """The payload is not what its codec reads; ``code`` says why and is part of the API."""

    reason = "UNDECODABLE"

    def __init__(self, code: str, message: str, **attributes: str) -> None:
        super().__init__(message, **attributes)
        self.code = code
        """Stable, lower case, such as ``payload_too_short`` or ``f_port_unknown``."""


class DeviceFacts(Struct, frozen=True, gc=False):
    """What the registry knows of a device and its codec cannot tell from the bytes."""

    firmware: str = ""
    """As the device or the network server reports it; empty: unknown."""
    registers: dict[str, str] = {}
    """``measurand`` or ``measurand/channel`` by the device's own name for a register, such as a filter (KLAX)."""
    keys: dict[str, bytes] = {}
    """Keys by their name, such as a meter's AES key; never logged, never in a reading."""

    def __repr__(self) -> str:
        """Return the facts without the keys, which a log or a failed test would show."""
        return f"DeviceFacts(firmware={self.firmware!r}, registers={self.registers!r}, keys={sorted(self.keys)})"


NO_FACTS = DeviceFacts()


class Payload(Struct, frozen=True, gc=False):
    """The application payload of one frame."""

    data: bytes
    f_port: int
    network_ns: int
    """When the network received it, ns since 1970-01-01 UTC."""
    facts: DeviceFacts = NO_FACTS


class Fragment(Struct, frozen=True, gc=False, array_like=True):
    """A piece of a payload that is longer than a frame."""

    group: str
    """What tells the pieces of one payload from those of another."""
    index: int
    """From 0."""
    total: int
    """How many pieces there are; 0 if not known yet."""
    network_ns: int
    data: bytes


class Context(Struct, frozen=True, gc=False, array_like=True):
    """What a codec must remember of a device between two payloads."""

    fragments: tuple[Fragment, ...] = ()
    settings: dict[str, str] = {}
    """Settings that the device reported and its later payloads cannot be read without, by names of the codec's own."""


NO_CONTEXT = Context()


class Snapshot(Struct, frozen=True, gc=False):
    """Readings that were true at one instant, with what the device said of that instant."""

    readings: tuple[Reading, ...]
    device_ns: int | None = None
    """The device's own clock, ns since 1970-01-01 UTC; None: it gave none or called it unsynchronised."""
    age_ns: int = 0
    """How old the readings were when the frame was sent, where the device says so."""
    uncertainty_ns: int = 0
    """By how much that instant may be wrong beyond its clock's own error: the step of a stated age, a slot's width."""


class Notice(Struct, frozen=True, gc=False):
    """What a frame says that is no reading: an acknowledgement, a request, a warning."""

    code: str
    """Stable, lower case, such as ``fragment_waiting`` or ``configuration_acknowledged``."""
    detail: str = ""


class Decoded(Struct, frozen=True, gc=False):
    """What one payload means."""

    snapshots: tuple[Snapshot, ...] = ()
    attributes: dict[str, str] = {}
    """What the device reports of itself: ``serial``, ``firmware``, ``hardware``, ``model``, ``config.…``."""
    notices: tuple[Notice, ...] = ()
    context: Context = NO_CONTEXT
    """The device's new context, whole."""
    expired: tuple[Fragment, ...] = ()
    """Fragments given up because the rest of their payload never came: they go to the dead letters."""


class Codec(Struct, frozen=True):
    """A decoder of one device family."""

    name: str
    """``<vendor>_<model>``, the name of its module."""
    version: int
    """Raised whenever the same bytes come to mean something else."""
    decode: Callable[[Payload, Context], Decoded]
    """Raises Undecodable, and nothing else, for whatever bytes it is given."""
    conceals: Callable[[Payload], bool] | None = None
    """Says of any bytes whether keys may be among them: such a frame is shown to nobody, decoded or not."""
    script: bool = False
    """It is a vendor's script, run elsewhere before the step: ``decode`` is not called."""
    label: str = ""
    """``name@version``, as it stands in every observation."""

    def __post_init__(self) -> None:
        """Make the label."""
        force_setattr(self, "label", f"{self.name}@{self.version}")


def script_codec(name: str, version: int, conceals: Callable[[Payload], bool] | None = None) -> Codec:
    """Return the codec of a script, of which the step knows no more than its name.

    Frames that ``conceals`` names are not shown to the script either.
    """
    return Codec(name, version, _elsewhere, conceals, script=True)


def _elsewhere(payload: Payload, context: Context) -> Decoded:
    del payload, context
    raise Undecodable("codec_error", "the codec is a script, which is not run here")
