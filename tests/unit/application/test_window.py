"""Windows of time."""

import pytest

from application.window import window_end
from domain.errors import InvalidValue

DAY_NS = 86_400 * 1_000_000_000


def test_a_window_ends_with_the_present() -> None:
    assert window_end(0, 2**62, 5 * DAY_NS) == 5 * DAY_NS
    assert window_end(0, 3 * DAY_NS, 5 * DAY_NS) == 3 * DAY_NS


def test_a_window_has_a_year_at_most() -> None:
    assert window_end(0, 366 * DAY_NS, 400 * DAY_NS) == 366 * DAY_NS
    with pytest.raises(InvalidValue, match="366 days"):
        window_end(0, 367 * DAY_NS, 400 * DAY_NS)
