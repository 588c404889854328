"""How long a frame is on the air, by the formula of Semtech AN1200.13."""

import pytest
from msgspec import structs

from domain.radio import connection_info
from domain.radio.airtime import airtime_ns
from tests.support.builders import an_uplink


@pytest.mark.parametrize(
    "data_rate, payload_octets, ns",
    [
        # as The Things Network's calculator has them for 13 octets more
        ("SF7BW125", 7, 56_576_000),
        ("SF9BW125", 7, 185_344_000),
        ("SF10BW125", 0, 288_768_000),
        ("SF12BW125", 51, 2_793_472_000),
        ("SF7BW250", 7, 28_288_000),
    ],
)
def test_the_airtime_is_exact_to_the_nanosecond(data_rate: str, payload_octets: int, ns: int) -> None:
    assert airtime_ns(data_rate, payload_octets) == ns


@pytest.mark.parametrize("data_rate", ["", "FSK50", "SF9", "SF99BW125", "SF4BW125", "SF7BW0", "SF7BW125 "])
def test_of_what_is_no_lora_nothing_is_known(data_rate: str) -> None:
    assert airtime_ns(data_rate, 7) == 0


def test_more_octets_and_slower_rates_never_take_less_time() -> None:
    times = [[airtime_ns(f"SF{factor}BW125", size) for size in range(243)] for factor in range(7, 13)]
    assert all(row == sorted(row) for row in times)
    assert all(list(column) == sorted(column) for column in zip(*times, strict=True))


def test_a_told_airtime_is_passed_on_and_one_left_out_is_computed_and_said_to_be() -> None:
    silent = structs.replace(an_uplink(payload=bytes(7)), data_rate="SF7BW125")
    told = connection_info(structs.replace(silent, airtime_ns=61_696_000))
    assert (told.airtime_ns, told.airtime_computed) == (61_696_000, False)
    computed = connection_info(silent)
    assert (computed.airtime_ns, computed.airtime_computed) == (56_576_000, True)


def test_where_nothing_is_known_nothing_is_said_to_be_computed() -> None:
    unknown = connection_info(an_uplink())
    assert (unknown.airtime_ns, unknown.airtime_computed) == (0, False)
