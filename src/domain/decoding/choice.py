"""Which decoder reads a payload: by the device's type, its firmware, and when the frame was sent."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from domain.decoding.codec import Codec, Payload

_ANY = "*"


class Choice(Struct, frozen=True):
    """A codec, and what it is right for."""

    codec: Codec
    firmware: str = _ANY
    """Shell pattern of the firmware it reads, as device or network server report it."""
    valid_from_ns: int = 0
    """Network time of the first frame it is right for, ns since 1970-01-01 UTC: a fleet updated on one day."""


class Decoders:
    """All decoders by device type; of several that fit, the one valid since latest, then the first named."""

    def __init__(self, choices: Mapping[str, Sequence[Choice]]) -> None:
        self._choices = {name: _latest_first(each) for name, each in choices.items()}
        self._only = {name: each[0].codec for name, each in self._choices.items() if _is_for_all(each)}
        """Of most types: found for every frame, and so at once."""
        self._scripts = {name: scripts for name, each in self._choices.items() if (scripts := _scripts(each))}
        self._conceals = {codec.conceals for codec in self.codecs().values() if codec.conceals is not None}

    def of(self, device_type: str, firmware: str, network_ns: int) -> Codec | None:
        """Return the codec for a frame of that time; None: the type has none for this firmware."""
        only = self._only.get(device_type)
        if only is not None:
            return only
        for choice in self._choices.get(device_type, ()):
            if choice.valid_from_ns <= network_ns and _fits(firmware, choice.firmware):
                return choice.codec
        return None

    def knows(self, device_type: str) -> bool:
        """Say whether there is any decoder for ``device_type``."""
        return device_type in self._choices

    @property
    def has_scripts(self) -> bool:
        """Whether any device type is decoded by a script."""
        return bool(self._scripts)

    def scripts(self, device_type: str, network_ns: int) -> tuple[Codec, ...]:
        """Return the scripts that may read a frame of that time, whatever the device's firmware."""
        return tuple(
            choice.codec for choice in self._scripts.get(device_type, ()) if choice.valid_from_ns <= network_ns
        )

    def may_conceal(self, device_type: str) -> bool:
        """Say whether frames of ``device_type`` may carry keys."""
        return any(choice.codec.conceals is not None for choice in self._choices.get(device_type, ()))

    def conceals(self, payload: Payload) -> bool:
        """Say whether keys may be among the bytes of ``payload``, whatever its device is taken for."""
        return any(conceals(payload) for conceals in self._conceals)

    def types(self) -> dict[str, tuple[Choice, ...]]:
        """Return every device type with its choices, in the order in which they are tried."""
        return dict(self._choices)

    def codecs(self) -> dict[str, Codec]:
        """Return every codec by its own name."""
        return {choice.codec.name: choice.codec for choices in self._choices.values() for choice in choices}


def _is_for_all(choices: Sequence[Choice]) -> bool:
    """Say whether there is no choice."""
    return len(choices) == 1 and choices[0].firmware == _ANY and choices[0].valid_from_ns <= 0


def _fits(firmware: str, pattern: str) -> bool:
    return pattern == _ANY or fnmatchcase(firmware, pattern)


def _scripts(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    return tuple(choice for choice in choices if choice.codec.script)


def _latest_first(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    return tuple(sorted(choices, key=lambda choice: -choice.valid_from_ns))
