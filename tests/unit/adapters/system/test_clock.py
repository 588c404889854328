"""The machine's clock keeps the contract, and is the machine's."""

import time

import pytest

from adapters.system.clock import SystemClock
from application.ports.clock import Clock
from tests.contract.clock import ClockContract
from tests.support.clock import FakeClock


class TestSystemClock(ClockContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return SystemClock()

    def test_says_what_the_machine_says(self) -> None:
        before = time.time_ns() // 1_000
        now = SystemClock().now_us()
        assert before <= now <= time.time_ns() // 1_000


class TestFakeClock(ClockContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return FakeClock()
