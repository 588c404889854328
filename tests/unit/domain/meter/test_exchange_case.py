"""A device that reads another meter than the registry says opens a case, and nothing bills until it is closed."""

from domain.meter import (
    ExchangeCase,
    Policy,
    Reason,
    RegisterName,
    ReportedIdentity,
    Status,
    exchange_case,
    read_out,
    spans_of,
)
from tests.unit.domain.meter.points import (
    DAY,
    DEVICE,
    NOW,
    OLD,
    POINT,
    START,
    VOLUME,
    a_history,
    a_meter,
    hangs,
    ns,
    read,
    reads,
    used,
)

MONDAY, TUESDAY, WEDNESDAY = (ns(f"2026-06-{day} 08:00") for day in (15, 16, 17))


def case_of(*said: tuple[int, str], serials: tuple[str, ...] = ("8SEN0123456",)) -> ExchangeCase | None:
    """Return the case that opens when a device names these serials."""
    (span,) = spans_of([hangs()], {OLD: [reads()]}, 0, NOW)
    identities = [ReportedIdentity(at_ns, serial) for at_ns, serial in said]
    return exchange_case(span, a_meter(OLD, *serials), identities)


def test_another_serial_opens_a_case_that_bounds_the_exchange() -> None:
    found = case_of((MONDAY, "8SEN0123456"), (TUESDAY, "8SEN0999999"), (WEDNESDAY, "8SEN0999999"))
    assert found == ExchangeCase(POINT, OLD, DEVICE, "8SEN0999999", MONDAY, TUESDAY)


def test_a_device_that_never_agreed_bounds_it_by_the_assignments_start() -> None:
    found = case_of((TUESDAY, "8SEN0999999"))
    assert found is not None
    assert (found.earliest_ns, found.latest_ns) == (START, TUESDAY)


def test_the_registered_serial_opens_none_however_it_is_written() -> None:
    assert case_of((MONDAY, "8sen 0123456"), (TUESDAY, "0008SEN-0123456")) is None


def test_each_of_a_meters_serials_is_its_own() -> None:
    assert case_of((MONDAY, "0A0149534B0004123456"), serials=("4123456", "0a 01 49 53 4b 00 04 12 34 56")) is None


def test_a_device_that_calls_the_old_meter_again_has_only_stumbled() -> None:
    assert case_of((MONDAY, "8SEN0999999"), (TUESDAY, "8SEN0123456")) is None


def test_what_is_said_outside_the_assignment_opens_none() -> None:
    assert case_of((START - 1, "8SEN0999999")) is None


def test_a_meter_without_a_known_serial_cannot_be_contradicted() -> None:
    assert case_of((MONDAY, "8SEN0999999"), serials=()) is None


class TestWhileACaseIsOpen:
    history = a_history(
        {DEVICE: {VOLUME: read(*((f"2026-06-{day} 00:00", day * 100) for day in range(14, 19)))}},
        cases=[ExchangeCase(POINT, OLD, DEVICE, "8SEN0999999", MONDAY, TUESDAY)],
    )

    def test_what_was_read_since_both_agreed_last_bills_nobody(self) -> None:
        found = used(self.history, *(f"2026-06-{day} 00:00" for day in range(14, 19)))
        assert [each.billable for each in found] == [True, False, False, False]
        assert {(each.status, each.reasons) for each in found[1:]} == {
            (Status.PROVISIONAL, (Reason.METER_CONTRADICTED,))
        }

    def test_there_is_no_valid_register_at_a_key_date(self) -> None:
        policy = Policy(DAY, NOW)
        before = read_out(self.history, RegisterName("water.volume"), ns("2026-06-15 00:00"), policy)
        after = read_out(self.history, RegisterName("water.volume"), ns("2026-06-17 00:00"), policy)
        assert (before.value, after.value, after.reasons) == (1_500, None, (Reason.METER_CONTRADICTED,))
