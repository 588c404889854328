"""Payloads in pieces: which pieces belong together, and when one is given up.

A piece starts with one byte: its number in bits 0 to 6, and in bit 7 whether it is the last. It does not say which
payload it is of; the times tell, at which the network received the pieces (so that late or disordered delivery does
not matter). The reader sends the pieces of a payload one after another, as soon as its duty cycle lets it. Everything
here is a function of the set of pieces, never of the order in which they arrived.
"""

from collections.abc import Iterable
from operator import attrgetter

from domain.decoding.codec import Fragment
from domain.rfc3339 import NS_PER_S

STEP_NS = 300 * NS_PER_S
"""Longest time from one piece to the next: 51 bytes at SF12 are 2.8 s on air, and 1 % duty cycle makes that 280 s.
The shortest upload interval is longer, so a piece never joins the payload before its own."""
PATIENCE_NS = 3_600 * NS_PER_S
"""How long an incomplete payload is waited for after its newest piece: a network server that was away catches up."""
_MOST_GROUPS = 4
_MOST_PIECES = 32
"""Of one device: at 242 bytes at most, 8 kB to remember."""
_NUMBER, _LAST = 0x7F, 0x80
_in_time = attrgetter("network_ns", "index", "data")
"""Sorts pieces by their time; of one time by what they are."""

Group = list[Fragment]
"""The pieces of one payload, in the order of their numbers."""


def fragment(data: bytes, f_port: int, network_ns: int) -> Fragment:
    """Return the piece that ``data`` is."""
    index = data[0] & _NUMBER
    return Fragment(str(f_port), index, index + 1 if data[0] & _LAST else 0, network_ns, data)


def repeats(piece: Fragment, known: tuple[Fragment, ...]) -> bool:
    """Say whether ``piece`` was received before: the reader repeats what nobody acknowledged."""
    for other in known:
        is_alike = piece.data == other.data and _port(piece) == _port(other)
        if is_alike and abs(piece.network_ns - other.network_ns) <= STEP_NS:
            return True
    return False


def groups(pieces: Iterable[Fragment]) -> list[Group]:
    """Return ``pieces`` by payload, the oldest payload first."""
    found: list[Group] = []
    newest: dict[str, Group] = {}
    for piece in sorted(pieces, key=_in_time):
        port = _port(piece)
        group = newest.get(port)
        if group is not None and _follows(group[-1], piece):
            group.append(piece)
        else:
            newest[port] = group = [piece]
            found.append(group)
    return [_labelled(group) for group in found]


def is_complete(group: Group) -> bool:
    """Say whether no piece is missing."""
    return bool(group[0].total) and len(group) == group[0].total


def beginning(group: Group) -> bytes:
    """Return the payload up to the first missing piece."""
    bodies = [piece.data[1:] for number, piece in enumerate(group) if piece.index == number]
    return b"".join(bodies)


def still_open(pieces: Iterable[Fragment], now_ns: int) -> tuple[list[Group], tuple[Fragment, ...]]:
    """Return the payloads to remember, and the pieces given up because the rest of their payload never came.

    Complete payloads are remembered for a moment, so that a late repetition of a piece is known as one.
    """
    kept: list[Group] = []
    expired: Group = []
    found = groups(pieces)
    for group in found:
        age_ns = now_ns - group[-1].network_ns
        if is_complete(group):
            kept += [group] if age_ns <= STEP_NS else []
        elif age_ns <= PATIENCE_NS:
            kept.append(group)
        else:
            expired += group
    while len(kept) > _MOST_GROUPS or sum(map(len, kept)) > _MOST_PIECES:
        oldest = kept.pop(0)
        expired += [] if is_complete(oldest) else oldest
    # What lay between two pieces may be gone now; the pieces of one payload stay together.
    return kept if len(kept) in (1, len(found)) else groups(flat(kept)), tuple(expired)


def flat(kept: list[Group]) -> tuple[Fragment, ...]:
    """Return the pieces of payloads."""
    return tuple([piece for group in kept for piece in group])


def _follows(before: Fragment, piece: Fragment) -> bool:
    """Say whether ``piece`` can be one of the payload that ``before``, of the same port, is of."""
    steps, is_last = piece.index - before.index, before.data[0] & _LAST
    return steps > 0 and not is_last and piece.network_ns - before.network_ns <= steps * STEP_NS


def _labelled(group: Group) -> Group:
    """Return ``group`` with what its pieces tell of each other: the time it began, how many there are."""
    label = f"{_port(group[0])}@{group[0].network_ns}"
    last = group[-1]
    total = last.index + 1 if last.data[0] & _LAST else 0
    return [
        piece
        if piece.group == label and piece.total == total
        else Fragment(label, piece.index, total, piece.network_ns, piece.data)
        for piece in group
    ]


def _port(piece: Fragment) -> str:
    return piece.group.partition("@")[0]
