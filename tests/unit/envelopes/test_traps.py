"""The ten traps on the way from three network servers to one uplink, each by its name."""

import pytest
from msgspec import structs

from adapters.simulated_city.encoders import bosch_tps110, imst_ioke868
from application.ports.uplink_log import RawUplink
from domain.observation import Reading, register
from domain.radio import Ignored, Reception, ServerNotice, Uplink
from tests.support.json_messages import changed, without
from tests.unit.adapters.chirpstack import messages as chirpstack
from tests.unit.adapters.ttn import messages as ttn
from tests.unit.envelopes.platform import READER, processed, received_and_missing
from tests.unit.envelopes.transmission import (
    WRITERS,
    Gateway,
    Transmission,
    Write,
    Writing,
    in_chirpstack,
    in_v2,
    in_v3,
)

DEV = "003e94c6ad72f129"
MINUTE_NS = 60 * 1_000_000_000


def a_frame(f_cnt: int, *, minute: int | None = None, occupied: bool = True) -> Transmission:
    """Return a frame of a parking sensor, one a minute."""
    return Transmission(
        dev_eui=DEV,
        dev_addr="260b1716",
        device_id="spot-0001",
        f_cnt=f_cnt,
        f_port=bosch_tps110.STATUS_PORT,
        payload=bosch_tps110.status(occupied=occupied),
        ns=1_780_308_000_019_589_559 + (f_cnt if minute is None else minute) * MINUTE_NS,
        gateways=(Gateway("0000024b0b03020e", -110, 0.0),),
        spreading_factor=9,
        frequency_hz=868_100_000,
    )


def read(raw: RawUplink) -> Uplink:
    """Return ``raw`` as it must be readable."""
    message = READER.read(raw)
    assert isinstance(message, Uplink), message
    return message


@pytest.mark.parametrize("write", WRITERS)
def test_trap_1_what_is_absent_is_zero_and_not_unknown(write: Write) -> None:
    silent: dict[Write, RawUplink] = {
        in_v2: ttn.v2(without(ttn.V2_UPLINK, "metadata.gateways.0.snr")),
        in_v3: ttn.v3(without(ttn.V3_UPLINK, "uplink_message.f_cnt", "uplink_message.rx_metadata.0.snr")),
        in_chirpstack: chirpstack.event(without(chirpstack.UP, "fCnt", "rxInfo.0.snr")),
    }
    message = read(silent[write])
    assert message.f_cnt == (42 if write is in_v2 else 0)  # v2 always writes its counter
    assert [heard.snr_db for heard in message.receptions] == [0.0]


def test_trap_2_a_gap_in_the_counters_is_no_lost_reading_where_mac_commands_used_them() -> None:
    mac_only = structs.replace(a_frame(1), f_port=0, payload=b"")
    outcome = processed([in_v3(a_frame(0)), in_v3(mac_only), in_v3(a_frame(2))])
    assert received_and_missing(outcome, DEV) == (3, 0)
    assert outcome.memory[DEV].accounts["swu"].counts.empty == 1
    assert len(outcome.observations) == 2


@pytest.mark.parametrize("write", [in_v2, in_v3])
@pytest.mark.parametrize(
    "counters, breaks",
    [((65_534, 65_535, 0, 1), 0), ((40, 41, 0, 1), 1)],
    ids=["from near 65535 to near 0 it rolls over", "any other fall is a reset"],
)
def test_trap_3_a_fall_of_the_counter(write: Write, counters: tuple[int, ...], breaks: int) -> None:
    outcome = processed([write(a_frame(f_cnt, minute=minute)) for minute, f_cnt in enumerate(counters)])
    assert received_and_missing(outcome, DEV) == (4, 0)
    assert outcome.memory[DEV].accounts["swu"].counts.breaks == breaks


def test_trap_4_a_reset_that_chirpstack_drops_is_heard_of_in_its_log_and_is_no_gap() -> None:
    notice = READER.read(chirpstack.event(chirpstack.LOG, "log"))
    assert isinstance(notice, ServerNotice)
    assert (notice.code, notice.f_cnt) == ("uplink_f_cnt_reset", 0)
    log_line = structs.replace(chirpstack.event(chirpstack.LOG, "log"), source="swu")
    outcome = processed([in_chirpstack(a_frame(7)), in_chirpstack(a_frame(8)), log_line])
    assert received_and_missing(outcome, DEV) == (2, 0)
    assert outcome.counts.dead == 0


@pytest.mark.parametrize("join_first", [True, False])
def test_trap_5_a_join_and_its_first_uplink_come_in_any_order(join_first: bool) -> None:
    before = [in_chirpstack(a_frame(f_cnt)) for f_cnt in range(3)]
    first_up = structs.replace(a_frame(0, minute=10), dev_addr="01a2b3c4")
    join = structs.replace(chirpstack.event(changed(chirpstack.JOIN, "time", "2026-06-01T10:10:00+00:00"), "join"))
    joined = [structs.replace(join, source="swu"), in_chirpstack(first_up)]
    after = [in_chirpstack(structs.replace(a_frame(1, minute=11), dev_addr="01a2b3c4"))]
    outcome = processed([*before, *(joined if join_first else joined[::-1]), *after])
    assert received_and_missing(outcome, DEV) == (5, 0)
    counts = outcome.memory[DEV].accounts["swu"].counts
    assert (counts.sessions, counts.breaks) == (2, 0)


def test_trap_6_duplicates_reach_applications_and_are_counted_once() -> None:
    """As from two replicas, or from one uplink heard under two region configurations (chirpstack issue 533)."""
    up = structs.replace(chirpstack.event(chirpstack.UP), source="swu")
    again = changed(chirpstack.UP, "deduplicationId", "3ac7e3c4-4401-4b8d-9386-a5c902f90001")
    again = changed(again, "time", "2026-06-01T10:00:00.031+00:00")
    outcome = processed([up, structs.replace(chirpstack.event(again), source="swu")])
    assert received_and_missing(outcome, DEV) == (1, 0)
    assert outcome.counts.duplicate == 1


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("digits", range(10))
@pytest.mark.parametrize("zone", ["Z", "+00:00"])
def test_trap_7_times_have_0_to_9_digits_and_two_ways_to_say_utc(write: Write, digits: int, zone: str) -> None:
    step = 10 ** (9 - digits)
    expected = a_frame(0).ns // step * step
    assert read(write(a_frame(0), Writing(digits, zone))).network_ns == expected


def test_trap_8_a_gateways_timestamp_is_a_counter_that_wraps_and_no_time() -> None:
    path = "uplink_message.rx_metadata.0.timestamp"
    messages = [read(ttn.v3(changed(ttn.V3_UPLINK, path, micros))) for micros in (0, 2**32 - 1)]
    assert messages[0] == messages[1]
    timeless = changed(ttn.V2_UPLINK, "metadata.time", "")
    assert read(ttn.v2(timeless)).network_ns == ttn.NOON_US * 1_000  # its counter is not taken for one


def test_trap_9_registers_come_from_the_bytes_since_decoded_numbers_are_doubles() -> None:
    ten_to_the_minus_4 = 2**53 + 1  # no double is that number
    head = imst_ioke868.meter_head(1_780_308_000, b"1EMH0012345678", exports=False)
    payload = head + imst_ioke868.register(imst_ioke868.IMPORT, 0, -4, ten_to_the_minus_4)
    meter = structs.replace(a_frame(0), device_id="meter-0001", f_port=imst_ioke868.METER_PORT, payload=payload)
    for write in WRITERS:
        (seen,) = processed([write(meter)]).observations
        assert register("electricity.energy.active.import", "", ten_to_the_minus_4, -4) in seen.readings
    decoded = changed(ttn.V3_UPLINK, "uplink_message.decoded_payload", {"energy_wh": float(ten_to_the_minus_4)})
    assert read(ttn.v3(decoded)) == read(ttn.v3(ttn.V3_UPLINK))


@pytest.mark.parametrize("body", [b"21.5", b"true", b'"open"', b"null", b"[1]", b"{}"])
def test_trap_10_a_wild_card_of_v2_also_gives_bare_field_values(body: bytes) -> None:
    assert READER.read(ttn.v2(body, "up/temperature")) == Ignored("up_field")


def test_an_occupied_spot_is_occupied_in_all_three() -> None:
    readings = [processed([write(a_frame(0))]).observations[0].readings for write in WRITERS]
    assert readings == [(Reading("parking.occupied", "", value=True),)] * 3
    assert read(in_v3(a_frame(0))).receptions == (Reception("eui-0000024b0b03020e", -110.0, 0.0),)
