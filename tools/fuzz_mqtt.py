"""Look for bytes of a broker on which our MQTT reader fails: coverage-guided, with atheris (``tools.fuzz`` tells how).

An input is where the bytes are divided, and the bytes: their number, so many distances, and all the rest.
"""

import argparse
import sys
from collections.abc import Iterator
from itertools import accumulate

from tests.unit.adapters.mqtt.heard import Heard, divided
from tests.unit.adapters.mqtt.scripted_broker import connack, publish
from tools.fuzz import Unsound, search

_ROOM = 2


def main() -> int:
    """Fuzz until the time is up, or until a finding, which is reported; 0: there was none."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz_mqtt", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    return search(seeds(), one_input, parser.parse_args().minutes)


def one_input(data: bytes) -> None:
    """Read the bytes that ``data`` spells, whole, divided, and with little room.

    Raises:
        Unsound: it makes a difference, or more is kept than came.
        Exception: any.
    """
    if not data:
        return
    cuts, stream = list(accumulate(data[1 : 1 + data[0]])), data[1 + data[0] :]
    whole, narrow = Heard([stream]), Heard([stream], most_messages=_ROOM)
    if not whole.all == Heard(divided(stream, cuts)).all == narrow.all:
        raise Unsound(f"where it is divided makes a difference: {data.hex()}")
    if narrow.most_held > _ROOM or whole.stream.unread > len(stream):
        raise Unsound(f"more is kept than there is room for: {data.hex()}")


def seeds() -> Iterator[bytes]:
    """Yield inputs that a broker may send."""
    messages = publish(b"{}"), publish(b"{}", 7), publish(b"x" * 300, 65_535, dup=True)
    answers = b"\x90\x04\x00\x01\x00\x01", b"\xd0\x00", b"\x40\x02\x00\x07"
    for parts in ((), messages, answers, (*answers, *messages, *messages)):
        yield b"\x03\x01\x05\x90" + connack() + b"".join(parts)


if __name__ == "__main__":
    sys.exit(main())
