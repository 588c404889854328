"""What every clock promises."""

from application.ports.clock import Clock

_IN_2020_US = 1_577_836_800_000_000
_IN_2100_US = 4_102_444_800_000_000


class ClockContract:
    """Subclass with a fixture ``clock``."""

    def test_counts_whole_microseconds_since_1970(self, clock: Clock) -> None:
        now = clock.now_us()
        assert isinstance(now, int)
        assert _IN_2020_US < now < _IN_2100_US
