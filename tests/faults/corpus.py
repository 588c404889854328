"""Messages made to do harm, each with whether it must stand among the dead letters."""

from msgspec import Struct

from tests.e2e.messages import Json, body, message, with_field
from tests.e2e.test_bad_input import BAD

_DEEP = 10_000
_MEGABYTE = 1_000_000


class Hostile(Struct, frozen=True):
    """One message, of a device that nobody knows."""

    name: str
    body: bytes
    is_dead: bool = True


def corpus(first_spot: int) -> list[Hostile]:
    """Return one of each kind; their devices are numbered from ``first_spot``."""
    known = [Hostile(bad.name, bad.body(first_spot + place)) for place, bad in enumerate(BAD)]
    spot = first_spot + len(known)
    return [*known, *_numbers(spot), *_structures(spot), *_sizes(), *_harmless(spot)]


def _numbers(spot: int) -> list[Hostile]:
    whole = body(message(spot, 7))
    spoilt = {text: whole.replace(b'"f_cnt":7', b'"f_cnt":' + text) for text in (b"NaN", b"-Infinity", b"1e999", b"-1")}
    return [Hostile(f"a counter that is {text.decode()}", each) for text, each in spoilt.items()]


def _structures(spot: int) -> list[Hostile]:
    lists = b'{"end_device_ids":' + b"[" * _DEEP + b"]" * _DEEP + b"}"
    return [
        Hostile("a list in a list in a list", lists),
        Hostile("a byte order mark and nothing else", b"\xef\xbb\xbf"),
        Hostile("a device of another network's name", body(_renamed(spot, "\u0000\u2028\ud83d\ude00"))),
    ]


def _renamed(spot: int, name: str) -> Json:
    return with_field(message(spot, 0, f_port=200), "end_device_ids.device_id", name)


def _sizes() -> list[Hostile]:
    return [Hostile(f"{size} MB", b'{"a":"' + b"x" * (size * _MEGABYTE) + b'"}') for size in (1, 10)]


def _harmless(spot: int) -> list[Hostile]:
    twice = body(message(spot + 1, 3)).replace(b'"f_cnt":3', b'"f_cnt":2,"f_cnt":3')
    return [
        Hostile("a counter said twice: the last counts", twice, is_dead=False),
        Hostile("no counter: zero is left out", body(message(spot + 2, 0)), is_dead=False),
        Hostile("no port and no payload", body(message(spot + 3, 1, b"", f_port=0)), is_dead=False),
    ]
