"""How many kills a run has in all, and which share of them a test takes."""

import os

VARIABLE = "STADTFUNK_TEST_KILLS"
_ALL = 200


def kills(share: float) -> int:
    """Return how many of all kills are ``share``; at least one."""
    return max(1, round(int(os.environ.get(VARIABLE, _ALL)) * share))
