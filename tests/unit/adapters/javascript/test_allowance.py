"""What a script may use: a little for each payload, a lot once, and a tenth of a processor in the long run."""

from adapters.javascript.allowance import MOST_S, PER_PAYLOAD_S, Allowance


class Stopwatch:
    """A monotonic clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


def test_at_first_the_account_is_full() -> None:
    assert Allowance(Stopwatch()).of(10) == MOST_S + 10 * PER_PAYLOAD_S


def test_payloads_that_take_less_than_they_pay_in_never_empty_it() -> None:
    account = Allowance(Stopwatch())
    for _ in range(1_000):
        account.spent(100 * PER_PAYLOAD_S / 10, 100)
    assert account.of(0) == MOST_S


def test_who_has_used_it_up_overdraws_it() -> None:
    account = Allowance(Stopwatch())
    account.spent(2 * MOST_S, 1)
    assert abs(account.of(1) - (2 * PER_PAYLOAD_S - MOST_S)) < 1e-9


def test_time_fills_it_again() -> None:
    watch = Stopwatch()
    account = Allowance(watch)
    account.spent(MOST_S + 1.0, 0)
    watch.now_s += 10.0
    assert abs(account.of(0)) < 1e-9
    watch.now_s += 10.0
    assert abs(account.of(0) - 1.0) < 1e-9
    watch.now_s += 1_000_000.0
    assert account.of(0) == MOST_S


def test_a_great_batch_of_a_script_in_debt_is_allowed_what_it_pays_in() -> None:
    account = Allowance(Stopwatch())
    account.spent(MOST_S + 0.5, 0)
    assert abs(account.of(100) - (100 * PER_PAYLOAD_S - 0.5)) < 1e-9
    assert abs(account.of(500) - (500 * PER_PAYLOAD_S - 0.5)) < 1e-9
