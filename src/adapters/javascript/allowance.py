"""How much processor time a script may take, so that none slows the platform down for the others.

One payload may take 100 ms, but if every payload did, a city's 200 uplinks a second would need twenty processors. So a
script also has an account: each payload pays in a little, and whatever it takes is paid out. Who has used it up is kept
on a short leash, which is long enough for honest payloads; who has overdrawn it as well is suspended until time has
filled it again.
"""

from collections.abc import Callable

MOST_S = 2.0
"""Twenty payloads that take all they may, at once."""
OVERDRAFT_S = 1.0
"""Two hundred payloads on the leash."""
PER_PAYLOAD_S = 0.002
"""Ten times what a payload of an ordinary script costs."""
_PER_SECOND_S = 0.1
"""A tenth of a processor, for a script that always takes too long."""


class Allowance:
    """The account of one script, which holds up to ``most_s``; ``monotonic_s`` tells the time."""

    def __init__(self, monotonic_s: Callable[[], float], most_s: float = MOST_S) -> None:
        self._monotonic_s = monotonic_s
        self._most_s = most_s
        self._left_s = most_s
        self._as_of_s = monotonic_s()

    def of(self, payloads: int) -> float:
        """Return the processor time that so many payloads may take together; below 0 the account is overdrawn."""
        now_s = self._monotonic_s()
        self._left_s = min(self._most_s, self._left_s + _PER_SECOND_S * (now_s - self._as_of_s))
        self._as_of_s = now_s
        return self._left_s + PER_PAYLOAD_S * payloads

    def spent(self, seconds: float, payloads: int) -> None:
        """Pay ``seconds`` for so many payloads."""
        self._left_s = min(self._most_s, self._left_s + PER_PAYLOAD_S * payloads - seconds)
